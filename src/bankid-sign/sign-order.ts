import { DEFAULT_RP_CERTIFICATE } from '../config/rp-certificates.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { ClientId, OrderId } from '../kernel/ids.ts';
import type { PersonalNumber } from '../kernel/personal-number.ts';
import type { DataKey } from '../vault/envelope.ts';
import type { WrappedKey } from '../vault/wrapped-key.ts';
import type { RfaCode } from './user-messages.ts';

/** Where the payer's BankID is: on the browser's device, or on the one that scans the QR code. */
export type Device = 'this' | 'other';
/** Of an app that opens BankID: `this`. Of a QR code: `other`. Of a phone order, which nothing starts but its person: `call`. */
export type OrderDevice = Device | 'call';
export type Platform = 'ios' | 'android' | 'desktop';

/** A signature, or an identification: `/sign` or `/auth`. */
export type OrderKind = 'sign' | 'auth';

/** Whose RP certificate an order has unless it is of another holder. */
export const DEFAULT_RELYING_PARTY = DEFAULT_RP_CERTIFICATE;

/** What BankID accepts, in characters. @see BankID, Relying Party API v6, `app` and `web` of `/sign` */
export const orderLimits = {
  returnUrl: 512,
  appIdentifier: 256,
  deviceOS: 64,
  deviceModelName: 64,
  deviceIdentifier: 64,
  userAgent: 256,
  referringDomain: 253,
} as const;

/** The app that opens BankID, under BankID's wire names. */
export interface AppObject {
  readonly appIdentifier: string;
  readonly deviceOS: string;
  readonly deviceModelName: string;
  readonly deviceIdentifier: string;
}

/** The site that opens BankID or shows its QR code, under BankID's wire names. The domain is in Punycode. */
export interface WebObject {
  readonly referringDomain: string;
  readonly userAgent: string;
  readonly deviceIdentifier: string;
}

/** What a TPP says of the device that its own app or screen is on: at most one of the two objects. */
interface StatedDevice {
  readonly endUserIp: string;
  readonly userAgent?: string;
  readonly app?: AppObject;
  readonly web?: WebObject;
}

/** On our own page. */
export interface BrowserStart {
  readonly way: 'browser';
  readonly device: Device;
  readonly endUserIp: string;
  readonly userAgent: string;
  /** Long-lived and random, at most 64 characters; not the session cookie. */
  readonly deviceIdentifier: string;
  readonly returnUrl: string;
}

/** A TPP's app opens BankID, which returns to it. */
export interface AppStart extends StatedDevice {
  readonly way: 'app';
  readonly returnUrl: string;
}

/** A TPP shows the QR code on a screen of its own. */
export interface QrStart extends StatedDevice {
  readonly way: 'qr';
}

/** In a phone call, which `user` or `RP` began. */
export interface PhoneStart {
  readonly way: 'phone';
  readonly callInitiator: 'user' | 'RP';
}

/** How an order is started, and what BankID is told of where it is. */
export type OrderStart = BrowserStart | AppStart | QrStart | PhoneStart;

/** Who alone may sign, and how. `mrtd`: after the app has read an identity document. */
export interface SignRequirement {
  readonly personalNumber?: PersonalNumber;
  readonly pinCode?: true;
  readonly mrtd?: true;
  readonly cardReader?: 'class1' | 'class2';
}

/**
 * Text and bytes to be signed, for a purpose that this module does not interpret. Kind and way choose the endpoint: `/sign`, `/auth`,
 * `/phone/sign` or `/phone/auth`.
 */
export interface OrderRequest {
  /** The purpose that decides who settles the answer, e.g. `payment-consent`. */
  readonly purpose: string;
  /** Whose order it is: phone orders are limited for each client, and for each person over all clients. */
  readonly clientId: ClientId;
  /** In the sandbox only: the person's limits of phone orders do not hold for the client. */
  readonly phoneLimits?: 'none' | undefined;
  /** At most one order of a group is open. */
  readonly group: string;
  /** The subject whose data key seals the order; the key must exist. */
  readonly subject: string;
  readonly kind: OrderKind;
  readonly visibleData: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  /** Of a phone order: names the person, and no document. */
  readonly requirement: SignRequirement;
  readonly start: OrderStart;
  /** Whose RP certificate: {@link DEFAULT_RELYING_PARTY}, or the id of another one of the ring. */
  readonly relyingParty: string;
  /** Returned with the answer. */
  readonly context: JsonObject;
}

/** The progress of the group's latest order, for a page. */
export interface Progress {
  readonly orderId: OrderId;
  readonly state: 'starting' | 'pending' | 'complete' | 'failed';
  readonly kind: OrderKind;
  readonly way: OrderStart['way'];
  readonly device: OrderDevice;
  /** Of the device with the browser or app; undefined for a phone order. */
  readonly platform: Platform | undefined;
  readonly hintCode: string | undefined;
  readonly messageCode: RfaCode;
  /** Whether a QR frame is available now. */
  readonly qr: boolean;
  /** Until when the press may still be renewed. */
  readonly renewableUntil: Date;
  /** How many renewals there were for one press. */
  readonly renewals: number;
  /** What starts the BankID app on this device; undefined when there is nothing to start on it. */
  readonly start: SealedStart | undefined;
  /** What its QR code is made of; undefined when there is nothing to scan. */
  readonly scan: Scannable | undefined;
  /** Why it failed: BankID's hint code, or our own code in kebab-case. */
  readonly failure: string | undefined;
}

/** What starts an order, sealed, and the newest wrapping of the data key under which it is. */
export interface SealedStart {
  readonly orderId: OrderId;
  readonly subject: string;
  readonly startSealed: Buffer;
  /** When BankID had made the order. */
  readonly startedAt: Date;
  /** Undefined where it was erased. */
  readonly key: WrappedKey | undefined;
}

/** While BankID makes the order that takes the place of one that ran out, there are no secrets yet. */
export type Scannable = SealedStart | 'being-renewed';

/** What BankID says about the payer besides the signature. Optional members may be missing in a genuine answer. */
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
  /** `requested`, `placed`, `withdrawn`, `pending` (without a hint code), a hint code of BankID, `complete`, `failed` or `set-aside`. */
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
  /** Of the subject: what follows from the answer is sealed with it. */
  readonly key: DataKey;
  readonly context: JsonObject;
  readonly answer: FinalAnswer;
  readonly visibleData: Uint8Array;
  readonly nonVisibleData: Uint8Array;
  /** When BankID was called: no signature of this order can be older. */
  readonly orderStartedAt: Date;
  readonly receivedAt: Date;
  /** Our own name in BankID's form, at the time of the order. */
  readonly relyingPartyName: string;
  readonly kind: OrderKind;
  /** As requested, with the address as BankID was told it. */
  readonly start: OrderStart;
  /** Since when there could be a link that starts the app; undefined for a QR code and a phone call. */
  readonly launchLinkMadeAt: Date | undefined;
  readonly renewals: number;
  readonly timeline: readonly TimelineEntry[];
  /** The body that BankID was sent, without the two texts. */
  readonly signParameters: JsonObject;
}

export type FinalAnswer =
  | {
      readonly status: 'complete';
      readonly completion: CompletionData;
      /** BankID's answer with all its members. */
      readonly received: JsonObject;
    }
  | {
      readonly status: 'failed';
      /** BankID's hint code; or `answer-lost`, `withdrawn`, `completion-malformed`. */
      readonly failure: string;
      /** Whether BankID reported `userSign`: a person saw the text and was asked for the security code. */
      readonly reachedSigning: boolean;
      /**
       * Whether a person tried to sign: it reached signing, or was cancelled in the app. Never if we withdrew it or lost its
       * answer, or if another order for the same person cancelled it. In a phone call, which others begin, only if the person's
       * certificate was refused after that.
       * @see RTS (EU) 2018/389 Art. 4(3)(b)
       */
      readonly countsAsAttempt: boolean;
      readonly received: JsonObject | undefined;
    };
