import type { Progress } from '../../../bankid-sign/sign-order.ts';
import { userMessage, type RfaCode } from '../../../bankid-sign/user-messages.ts';
import type { BackchannelWay } from '../../../clients/payer-ways.ts';
import type { Progressed } from '../purposes.ts';

/**
 * waiting     the person has not opened BankID for it yet
 * started     the person is in BankID
 * verifying   BankID has answered, and it is being verified
 * done        the person has signed, or logged in
 * ended       nothing comes of it; /token says why, as far as a client may know
 */
export const requestStates = ['waiting', 'started', 'verifying', 'done', 'ended'] as const;

/** What the holder of a request may read. */
export interface RequestState {
  readonly state: (typeof requestStates)[number];
  readonly way: BackchannelWay;
  /** For the person, where the client's app or screen is all that the person sees. */
  readonly message?: { readonly rfa: RfaCode; readonly sv: string; readonly en: string };
}

/** The person has not opened BankID, or not taken the call's request up there. */
const UNOPENED: ReadonlySet<string | undefined> = new Set([
  undefined,
  'outstandingTransaction',
  'noClient',
  'userCallConfirm',
]);

export function requestStateOf(way: BackchannelWay, { state: reached, progress }: Progressed): RequestState {
  const state = reached === 'open' ? openStateOf(progress) : reached;
  return { state, way, ...(way !== 'phone' && state !== 'done' && progress ? { message: messageOf(progress) } : {}) };
}

function openStateOf(progress: Progress | undefined): RequestState['state'] {
  if (progress === undefined || progress.state === 'starting') return 'waiting';
  if (progress.state !== 'pending') return 'verifying';
  return UNOPENED.has(progress.hintCode) ? 'waiting' : 'started';
}

function messageOf({ messageCode, failure, hintCode, kind }: Progress): NonNullable<RequestState['message']> {
  const textIn = (language: 'sv' | 'en'): string => userMessage(messageCode, language, failure ?? hintCode, kind);
  return { rfa: messageCode, sv: textIn('sv'), en: textIn('en') };
}
