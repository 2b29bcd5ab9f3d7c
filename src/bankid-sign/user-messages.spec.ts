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

  it('tells more than RFA22 where BankID stopped the signing or the app is too old', () => {
    expect(userMessage('RFA22', 'sv', 'transactionRiskBlocked')).toContain('säkerhetsskäl');
    expect(userMessage('RFA22', 'en', 'notSupportedByUserApp')).toContain('Update the BankID app');
    expect(userMessage('RFA22', 'sv', 'somethingElse')).toBe(userMessages.RFA22.sv);
  });
});
