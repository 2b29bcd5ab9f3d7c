import type { AppErrorCode } from '../orders/app-error.ts';
import type { OrderView } from '../order-view.ts';
import type { roundAge } from './summary.ts';

/** What one kind of order is called. */
export interface KindTexts {
  readonly headline: (name: string) => string;
  readonly wants: (name: string) => string;
  readonly textLabel: string;
  readonly button: string;
  readonly done: string;
  readonly doneFor: (name: string) => string;
  readonly notDone: string;
  readonly short: string;
}

/** All that the app says, in one language. */
export interface Texts {
  readonly language: 'en' | 'sv';
  readonly brand: string;
  readonly simulated: string;
  readonly kinds: Readonly<Record<OrderView['function'], KindTexts>>;
  readonly start: {
    readonly title: string;
    readonly heading: string;
    readonly lead: string;
    readonly screens: string;
    readonly screensHint: string;
    readonly noScreens: string;
    readonly scan: string;
    readonly waiting: string;
    readonly waitingHint: string;
    readonly nothingWaits: string;
    readonly askedBy: (name: string, age: string) => string;
    readonly age: (age: ReturnType<typeof roundAge>) => string;
    readonly openAs: (name: string) => string;
    readonly goOn: string;
    readonly paste: string;
    readonly pasteLabel: string;
    readonly open: string;
    readonly upload: string;
    readonly uploadLabel: string;
    readonly scanPicture: string;
  };
  /** What an order waits for, in the list. */
  readonly waitsFor: Readonly<Record<'opening' | NonNullable<OrderView['asks']>, string>>;
  readonly openedBy: Readonly<Record<NonNullable<OrderView['startedBy']>, string>>;
  readonly call: {
    readonly question: (name: string) => string;
    readonly calledBy: Readonly<Record<NonNullable<OrderView['callInitiator']>, (name: string) => string>>;
    readonly warning: string;
    readonly yes: string;
    readonly no: string;
    readonly goOn: string;
  };
  readonly document: {
    readonly heading: string;
    readonly wants: (name: string) => string;
    readonly read: string;
    readonly notVerified: string;
    readonly notReadable: string;
  };
  readonly sheet: {
    readonly markdown: string;
    readonly whose: string;
    readonly otherPerson: string;
    readonly otherNumber: string;
    readonly otherName: string;
    readonly onlyFor: (personalNumber: string) => string;
    readonly securityCode: string;
    readonly securityCodeHint: string;
    readonly cancel: string;
  };
  readonly notOpened: {
    readonly heading: string;
    readonly screen: (name: string) => string;
    readonly scan: string;
    readonly phone: (name: string) => string;
  };
  readonly end: {
    readonly title: string;
    readonly back: string;
    readonly otherScreen: string;
    readonly toStart: string;
    readonly toOrder: string;
    readonly byHint: Readonly<Record<string, string>>;
    readonly other: (hintCode: string | undefined) => string;
  };
  readonly scenarios: {
    readonly title: string;
    readonly lead: string;
    readonly invitation: string;
    readonly forWhom: string;
    readonly nextOrder: string;
    readonly everyOrderOf: (name: string) => string;
    readonly tpp: string;
    readonly payer: string;
    readonly play: string;
    readonly planned: string;
    readonly takeBack: string;
    /** Of an order. */
    readonly played: (title: string) => string;
    readonly choose: string;
    readonly none: string;
  };
  readonly error: {
    readonly title: string;
    readonly heading: string;
    /** What is left out is said in the error's own words. */
    readonly byCode: Readonly<Partial<Record<AppErrorCode, string>>>;
  };
}
