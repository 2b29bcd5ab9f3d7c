import type { RfaCode } from '../user-messages.ts';
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
