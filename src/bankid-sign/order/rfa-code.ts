import type { OrderDevice, Platform } from '../sign-order.ts';
import type { RfaCode } from '../user-messages.ts';

/** What the message depends on besides the hint code. */
export interface Situation {
  readonly device: OrderDevice;
  readonly platform: Platform | undefined;
}

/**
 * The message while BankID waits for the payer; an unknown hint code says only that signing is in progress.
 * @see BankID, Relying Party guidelines, "Hint codes for pending orders"
 */
export function rfaOfPending(hintCode: string | undefined, situation: Situation): RfaCode {
  switch (hintCode) {
    case undefined:
    case 'outstandingTransaction':
      return situation.device === 'this' ? 'RFA13' : 'RFA1';
    case 'noClient':
      return 'RFA1';
    case 'started':
      return situation.device === 'this' && situation.platform === 'desktop' ? 'RFA15A' : 'RFA15B';
    case 'userMrtd':
      return 'RFA23';
    case 'userSign':
      return 'RFA9';
    case 'userFace':
      return 'RFA24';
    case 'userStepUp':
      return 'RFA25';
    default:
      return 'RFA21';
  }
}

const codeByFailure: Readonly<Record<string, RfaCode>> = {
  expiredTransaction: 'RFA8',
  certificateErr: 'RFA16',
  userCancel: 'RFA6',
  userDeclinedCall: 'RFA6',
  cancelled: 'RFA3',
  mrtdVerificationFailed: 'RFA26',
  facialRecognitionFailed: 'RFA27',
  nfcNotSupportedByDevice: 'RFA28',
  multipleBankIdsOnDevice: 'RFA29',
  stepUpFailed: 'RFA30',
  // From here on Sigill's own codes: how an order ended when BankID gave no hint code.
  withdrawn: 'RFA3',
  'already-in-progress': 'RFA4',
  'request-timeout': 'RFA5',
  'internal-error': 'RFA5',
  maintenance: 'RFA5',
  'timed-out': 'RFA5',
  unreachable: 'RFA5',
  'connection-lost': 'RFA5',
  'client-certificate-refused': 'RFA5',
  'server-untrusted': 'RFA5',
  unanswered: 'RFA5',
};

/** The message for an order that ended without a signature. @param failure hint code or one of our own codes */
export function rfaOfFailure(failure: string | undefined, device: OrderDevice): RfaCode {
  if (failure === 'startFailed') return device === 'this' ? 'RFA17A' : 'RFA17B';
  return (
    (failure === undefined ? undefined : Object.entries(codeByFailure).find(([name]) => name === failure)?.[1]) ??
    'RFA22'
  );
}
