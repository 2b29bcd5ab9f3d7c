import type { JsonObject } from '../kernel/json.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { RfaCode } from './user-messages.ts';

/** Under which kind BankID's final answer is sealed, as it was received, with the data key of its subject and its order id. */
export const ANSWER_KIND = 'bankid-answer';

/** Where the payer's BankID is: where the browser is, or where the QR code is scanned. */
export type Device = 'this' | 'other';
export type Platform = 'ios' | 'android' | 'desktop';

/** Text and bytes to be signed, for a purpose that this module does not look into. */
export interface SignRequest {
  /** Who settles the answer, e.g. `payment-consent`. */
  readonly purpose: string;
  /** At most one order of a group is open. */
  readonly group: string;
  /** Whose data key seals everything of the order; it must exist. */
  readonly subject: string;
  readonly visibleData: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  readonly requirement: { readonly personalNumber?: PersonalNumber };
  readonly device: Device;
  readonly endUserIp: string;
  readonly userAgent: string;
  /** Long-lived and random, at most 64 characters; not the session cookie. */
  readonly deviceIdentifier: string;
  readonly returnUrl: string;
  /** Comes back with the answer. */
  readonly context: JsonObject;
}

/** How far the group's latest order has come, in words a page can use. */
export interface Progress {
  readonly orderId: OrderId;
  readonly state: 'starting' | 'pending' | 'complete' | 'failed';
  readonly device: Device;
  readonly hintCode: string | undefined;
  readonly messageCode: RfaCode;
  /** Whether a QR frame can be asked for now. */
  readonly qr: boolean;
  /** How many orders were made after the first for one press of the button. */
  readonly renewals: number;
  readonly launchLinkGiven: boolean;
  /** Why it failed: BankID's hint code, or a word of our own in kebab-case. */
  readonly failure: string | undefined;
}

/** What BankID says of the payer besides the signature. Everything optional may be missing in a genuine answer. */
export interface CompletionData {
  readonly user: {
    readonly personalNumber: string;
    readonly name: string;
    readonly givenName: string;
    readonly surname: string;
  };
  readonly device: { readonly ipAddress: string | undefined; readonly uhi: string | undefined };
  readonly bankIdIssueDate: string | undefined;
  readonly stepUpMrtd: boolean | undefined;
  /** Base64 text exactly as delivered. */
  readonly signature: string;
  readonly ocspResponse: string | undefined;
  readonly risk: string | undefined;
}

/** One entry of an order's history. */
export interface TimelineEntry {
  readonly at: Date;
  /** `requested`, `placed`, `launch-link-given`, `withdrawn`, `pending` (without a hint code), a hint code of BankID, `complete`, `failed` or `set-aside`. */
  readonly event: string;
}

/** An order that BankID has finished, leased to the settler. */
export interface AnsweredOrder {
  readonly orderId: OrderId;
  /** Fencing id: settling and deferring need it. */
  readonly leaseId: string;
  readonly purpose: string;
  readonly group: string;
  readonly subject: string;
  readonly context: JsonObject;
  readonly answer: FinalAnswer;
  readonly visibleData: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  /** When /sign was called: no signature of this order can be older. */
  readonly orderStartedAt: Date;
  readonly receivedAt: Date;
  /** Our own name in BankID's form at the time of the order. */
  readonly relyingPartyName: string;
  readonly device: Device;
  readonly endUserIp: string;
  readonly userAgent: string;
  readonly deviceIdentifier: string;
  readonly launchLinkGivenAt: Date | undefined;
  readonly renewals: number;
  readonly timeline: readonly TimelineEntry[];
  /** The body of /sign without the two texts. */
  readonly signParameters: JsonObject;
}

export type FinalAnswer =
  | {
      readonly status: 'complete';
      readonly completion: CompletionData;
      /** BankID's answer, every member of it. */
      readonly received: JsonObject;
    }
  | {
      readonly status: 'failed';
      /** BankID's hint code; or `answer-lost`, `withdrawn`, `completion-malformed`. */
      readonly failure: string;
      /** Whether BankID said `userSign` of it: a person had the text before them and was asked for the security code. */
      readonly reachedSigning: boolean;
      /**
       * Whether a person tried to sign: it reached signing, or was cancelled in the app. Never when we withdrew it or lost its
       * answer, or another order of the same person ended it.
       * @see RTS (EU) 2018/389 Art. 4(3)(b)
       */
      readonly countsAsAttempt: boolean;
      readonly received: JsonObject | undefined;
    };
