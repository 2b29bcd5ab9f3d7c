import { userMessage, userMessages } from './user-messages.ts';

describe('user messages', () => {
  it.each(Object.entries(userMessages))('%s has a text of its own in each language', (_, { sv, en }) => {
    expect(sv).toMatch(/^[A-ZÅÄÖ].*[.?…]$/);
    expect(en).toMatch(/^[A-Z].*[.?…]$/);
    expect(sv).not.toBe(en);
  });

  it('says what to do without an ID document', () => {
    expect(userMessage('RFA23', 'sv', 'userMrtd')).toContain('avbryt i appen');
    expect(userMessage('RFA23', 'en', 'userMrtd')).toContain('cancel in the app');
  });

  it('says of a phone call what the app asks, and what was answered', () => {
    expect(userMessage('RFA21', 'sv', 'userCallConfirm')).toContain('telefonsamtal');
    expect(userMessage('RFA21', 'en', 'userCallConfirm', 'auth')).toContain('phone call');
    expect(userMessage('RFA6', 'sv', 'userDeclinedCall')).toContain('inte är i ett sådant');
    expect(userMessage('RFA6', 'en', 'userDeclinedCall', 'auth')).toContain('not in such a phone call');
  });

  it.each(Object.keys(userMessages) as (keyof typeof userMessages)[])(
    '%s does not speak of a signature to those who identify themselves',
    (code) => {
      // RFA4 names both, as the other order may be either.
      if (code === 'RFA4') return;
      expect(userMessage(code, 'sv', undefined, 'auth')).not.toMatch(/underskrift|skriv under/i);
      expect(userMessage(code, 'en', undefined, 'auth')).not.toMatch(/\bsign/i);
    },
  );

  it('tells more than RFA22 where BankID stopped the signing or the app is too old', () => {
    expect(userMessage('RFA22', 'sv', 'transactionRiskBlocked')).toContain('säkerhetsskäl');
    expect(userMessage('RFA22', 'en', 'notSupportedByUserApp')).toContain('Update the BankID app');
    expect(userMessage('RFA22', 'en', 'transactionRiskBlocked')).toContain('security reasons');
    expect(userMessage('RFA22', 'sv', 'somethingElse')).toBe(userMessages.RFA22.sv);
  });
});
