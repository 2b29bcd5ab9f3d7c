import type { Language } from '../../design/language.ts';
import { loginEn } from './texts-of-logins.en.ts';
import { loginSv } from './texts-of-logins.sv.ts';
import { en } from './texts.en.ts';
import { sv } from './texts.sv.ts';

/** Everything a page says, in one language. A text that one language lacks does not compile. */
export interface Texts {
  readonly testBanner: string;
  readonly footer: string;
  readonly privacyNotice: string;
  readonly support: string;
  readonly summary: {
    readonly asks: string;
    readonly bank: string;
    readonly authorisationNumber: string;
    readonly amount: string;
    readonly payee: string;
    readonly toAccount: string;
    readonly fromAccount: string;
    readonly ocr: string;
    readonly rf: string;
    readonly message: string;
    readonly reference: string;
    readonly told: string;
    readonly names: string;
    readonly number: string;
    readonly pseudonym: string;
    readonly validUntil: (time: string) => string;
    readonly accountKinds: Readonly<Record<'iban' | 'bban' | 'bankgiro' | 'plusgiro', string>>;
  };
  readonly warning: { readonly title: string; readonly body: (tppName: string) => string; readonly qr: string };
  readonly start: {
    readonly title: string;
    readonly lead: (tppName: string) => string;
    readonly thisDevice: string;
    readonly otherDevice: string;
    readonly chooseDevice: string;
    readonly hint: string;
    readonly decline: string;
    readonly declineExplained: (tppName: string) => string;
    readonly declineConfirm: string;
  };
  readonly qr: {
    readonly title: string;
    readonly alt: string;
    readonly steps: readonly [string, string, string];
    readonly useThisDevice: string;
    readonly timeLeft: string;
    readonly moreTime: string;
  };
  readonly launch: {
    readonly title: string;
    readonly open: string;
    readonly comeBack: string;
    readonly useOtherDevice: string;
    readonly preparing: string;
    readonly notOpened: string;
    readonly install: string;
    readonly elsewhere: string;
  };
  readonly unopened: { readonly title: string; readonly body: string; readonly again: string };
  readonly cancelled: { readonly title: string; readonly body: (tppName: string) => string };
  readonly wait: { readonly title: string; readonly checkText: string };
  readonly checking: { readonly title: string; readonly body: string };
  readonly back: { readonly title: string; readonly body: string };
  readonly failed: {
    readonly title: string;
    readonly unchanged: string;
    readonly attemptsLeft: (left: number) => string;
  };
  readonly renew: { readonly title: string; readonly body: string; readonly again: string };
  readonly paused: {
    readonly title: string;
    readonly body: (when: string) => string;
    readonly outlastsRequest: (tppName: string) => string;
  };
  readonly expiresSoon: string;
  readonly cancel: string;
  readonly offline: string;
  readonly supportCode: string;
  readonly returnTo: (tppName: string) => string;
  readonly returning: (tppName: string) => string;
  readonly returned: (tppName: string) => string;
  readonly authorised: { readonly title: string; readonly body: string };
  readonly declined: Ending;
  readonly attempts: Ending;
  readonly risk: Ending;
  readonly device: Ending;
  readonly policy: Ending;
  readonly signature: Ending;
  readonly expired: Ending;
  readonly revoked: Ending;
  readonly done: Ending;
  readonly notBound: Ending & { readonly advice: string };
  readonly crossSite: Ending;
  readonly broken: Ending;
  readonly bankidUnavailable: Ending;
  readonly tooMany: Ending & { readonly wait: (when: string) => string };
  readonly startOver: string;
}

interface Ending {
  readonly title: string;
  readonly body: string;
}

const texts: Readonly<Record<'payment' | 'login', Readonly<Record<Language, Texts>>>> = {
  payment: { sv, en },
  login: { sv: loginSv, en: loginEn },
};

/** The words of a page. */
export function textsOf(page: { readonly language: Language; readonly purpose: 'payment' | 'login' }): Texts {
  return texts[page.purpose][page.language];
}
