import { userMessage, userMessages, type RfaCode } from '../user-messages.ts';
import { rfaOfFailure, rfaOfPending, type Situation } from './rfa-code.ts';

const computer: Situation = { device: 'this', platform: 'desktop' };
const phone: Situation = { device: 'this', platform: 'ios' };
const scanning: Situation = { device: 'other', platform: 'desktop' };

describe('the message for a pending order', () => {
  it.each<[string | undefined, Situation, RfaCode]>([
    [undefined, scanning, 'RFA1'],
    ['outstandingTransaction', scanning, 'RFA1'],
    [undefined, phone, 'RFA13'],
    ['outstandingTransaction', phone, 'RFA13'],
    ['noClient', phone, 'RFA1'],
    ['started', computer, 'RFA15A'],
    ['started', phone, 'RFA15B'],
    ['started', scanning, 'RFA15B'],
    ['userMrtd', phone, 'RFA23'],
    ['userSign', phone, 'RFA9'],
    ['userFace', phone, 'RFA24'],
    ['userStepUp', phone, 'RFA25'],
    ['userCallConfirm', phone, 'RFA21'],
    ['processing', phone, 'RFA21'],
    ['somethingBankIdInventedLater', phone, 'RFA21'],
  ])('%s', (hint, situation, code) => {
    expect(rfaOfPending(hint, situation)).toBe(code);
  });
});

describe('the message for a failed order', () => {
  it.each<[string, 'this' | 'other', RfaCode]>([
    ['expiredTransaction', 'this', 'RFA8'],
    ['certificateErr', 'this', 'RFA16'],
    ['userCancel', 'this', 'RFA6'],
    ['cancelled', 'this', 'RFA3'],
    ['startFailed', 'this', 'RFA17A'],
    ['startFailed', 'other', 'RFA17B'],
    ['userDeclinedCall', 'this', 'RFA6'],
    ['notSupportedByUserApp', 'this', 'RFA22'],
    ['transactionRiskBlocked', 'this', 'RFA22'],
    ['mrtdVerificationFailed', 'this', 'RFA26'],
    ['facialRecognitionFailed', 'this', 'RFA27'],
    ['nfcNotSupportedByDevice', 'this', 'RFA28'],
    ['multipleBankIdsOnDevice', 'this', 'RFA29'],
    ['stepUpFailed', 'this', 'RFA30'],
    ['somethingBankIdInventedLater', 'this', 'RFA22'],
    ['constructor', 'this', 'RFA22'],
    ['already-in-progress', 'this', 'RFA4'],
    ['request-timeout', 'this', 'RFA5'],
    ['internal-error', 'this', 'RFA5'],
    ['maintenance', 'this', 'RFA5'],
    ['answer-lost', 'this', 'RFA22'],
  ])('%s on %s device', (failure, device, code) => {
    expect(rfaOfFailure(failure, device)).toBe(code);
  });
});

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
