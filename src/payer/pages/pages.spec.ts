import type { Html } from '../../kernel/web/html.ts';
import { parseInitiation } from '../../payment/initiation.ts';
import { authorisedPage, endedPage, otherBrowserPage, refusalPage } from './ending-pages.ts';
import type { InteractionContext, LoginFacts, PaymentFacts } from './facts.ts';
import { formatMoney, formatWait } from './format.ts';
import {
  cancelledPage,
  checkingPage,
  launchPage,
  pausedPage,
  qrPage,
  renewPage,
  startPage,
  tryAgainPage,
  unopenedPage,
  waitPage,
} from './signing-pages.ts';
import type { VerificationResult } from '../../payment/creditor-name-verification.ts';
import { type Language, languages } from '../../design/language.ts';
import { type Texts, textsOf } from './texts.ts';

const initiation = parseInitiation(
  {
    type: 'payment_initiation',
    instructedAmount: { currency: 'SEK', amount: '1250.00' },
    creditorName: 'Elbolaget i Norr AB',
    creditorAccount: { bankgiro: '50501055' },
    debtorAccount: { iban: 'SE4550000000058398257466' },
    remittanceInformationStructured: { reference: '12345674', referenceType: 'OCR' },
  },
  '',
);

function contextIn(language: Language, clientName = 'Fakturera Direkt AB'): InteractionContext {
  return {
    language,
    environment: 'production',
    version: 'v.1',
    path: '/pay/AAAAAAAAAAAAAAAAAAAAAA',
    returnPath: '/authorize/AAAAAAAAAAAAAAAAAAAAAA/return',
    secondsLeft: 600,
    prefersThisDevice: true,
    purpose: 'payment',
    asked: {
      purpose: 'payment',
      clientName,
      authorisationNumber: 'PSDSE-FINA-44059',
      bankName: 'Exempelbanken i Väst AB',
      initiation,
      creditorNameVerification: undefined,
      expiresAt: new Date('2026-11-22T19:32Z'),
    },
  };
}

function loginIn(language: Language, clientName = 'Läkarportalen i Norr AB'): InteractionContext {
  return {
    ...contextIn(language),
    purpose: 'login',
    path: '/login/AAAAAAAAAAAAAAAAAAAAAA',
    returnPath: '/authorize/login/AAAAAAAAAAAAAAAAAAAAAA/return',
    asked: {
      purpose: 'login',
      clientName,
      isToldNames: true,
      isToldNumber: true,
      expiresAt: new Date('2026-11-22T19:32Z'),
    },
  };
}

const message = { code: 'RFA9', text: 'Read & sign' };
const opening = { code: 'RFA13', text: 'Opening …' };
const link = 'bankid:///?autostarttoken=0b1c&redirect=null';

function everyPage(context: InteractionContext): readonly Html[] {
  return [
    startPage(context),
    qrPage(context, 180),
    launchPage(context, link, opening),
    launchPage(context, undefined, opening),
    waitPage(context, message),
    checkingPage(context),
    cancelledPage(context),
    tryAgainPage(context, message, 3),
    renewPage(context),
    unopenedPage(context),
    authorisedPage(context),
    endedPage(context, 'declined'),
    endedPage(context, 'expired'),
    otherBrowserPage(context),
    refusalPage(context, 'notBound'),
    refusalPage(context, 'bankidUnavailable', { message }),
    refusalPage(context, 'tooMany', { waitSeconds: 3 }),
    pausedPage(context, { waitSeconds: 5400, outlastsRequest: true }),
  ];
}

describe('the pages that the payer sees', () => {
  it('say in the words of the signed text that the payee was not verified', () => {
    const context = contextIn('sv');
    const checkedAt = new Date('2026-11-22T19:20Z');
    const page = (result: VerificationResult, attestation?: string): string =>
      startPage({
        ...context,
        asked: {
          ...(context.asked as PaymentFacts),
          creditorNameVerification: { result, matchedName: undefined, checkedAt, attestation },
        },
      }).toString();
    expect(page('no-match')).toContain('Namnet stämmer inte med kontot, enligt Fakturera Direkt AB.');
    expect(page('match')).not.toContain('Mottagarkontroll');
    expect(page('match', 'a.b.c')).toContain('Namnet stämmer med kontot, enligt Exempelbanken i Väst AB');
  });

  it.each(languages)('say in %s who asks, at which bank, how much, to whom and to which account', (language) => {
    const page = startPage(contextIn(language)).toString();
    for (const fact of [
      'Fakturera Direkt AB',
      'PSDSE-FINA-44059',
      'Exempelbanken i Väst AB',
      'Elbolaget i Norr AB',
      'Bankgiro 5050-1055',
    ]) {
      expect(page).toContain(fact);
    }
    expect(page).toContain('IBAN SE45 5000 0000 0583 9825 7466');
    expect(page).toContain('12345674');
    expect(page).toContain(formatMoney(initiation.instructedAmount, language));
    expect(page).toContain(`<html lang="${language}">`);
  });

  it('say how long to wait, never too short', () => {
    expect(formatWait(3, 'sv')).toBe('om 3 sekunder');
    expect(formatWait(61, 'sv')).toBe('om 2 minuter');
    expect(formatWait(3601, 'en')).toBe('in 2 hours');
    expect(refusalPage(contextIn('en'), 'tooMany', { waitSeconds: 3 }).toString()).toContain('in 3 seconds');
    expect(pausedPage(contextIn('sv'), { waitSeconds: 86_000, outlastsRequest: false }).toString()).toContain(
      'om 24 timmar',
    );
  });

  it('write an amount as the signed text does', () => {
    const spaced = (text: string): string => text.replaceAll('\u00a0', ' ');
    const money = { currency: 'SEK', amountMinor: 123456789n } as const;
    expect(spaced(formatMoney(money, 'sv'))).toBe('1 234 567,89 SEK');
    expect(spaced(formatMoney(money, 'en'))).toBe('1,234,567.89 SEK');
    expect(spaced(formatMoney({ currency: 'ISK', amountMinor: 1500n }, 'sv'))).toBe('1 500 ISK');
  });

  it('hold no inline script, style or handler, and fetch nothing from elsewhere', () => {
    const pages = languages.flatMap((language) => [contextIn(language), loginIn(language)].flatMap(everyPage));
    for (const page of pages) {
      const markup = page.toString();
      expect(markup).not.toMatch(/<script(?![^>]*\ssrc="\/pay\/assets\/)|<style|\sstyle=|\son[a-z]+="/i);
      expect(markup).not.toMatch(/(?:src|action)="(?:https?:)?\/\//);
      expect(markup).not.toMatch(/<form(?! method="post" action="\/(?:pay|login)\/)/);
    }
  });

  it('show names as text, whatever is in them', () => {
    const hostile = `"><script>alert(1)</script><a href='`;
    for (const page of [contextIn('sv', hostile), loginIn('sv', hostile)].flatMap(everyPage)) {
      expect(page.toString()).not.toContain('<script>');
    }
  });

  it("open BankID by the payer's own click, telling the app which browser to come back to", () => {
    expect(launchPage(contextIn('sv'), link, opening).toString()).toMatch(
      /href="bankid:\/\/\/\?autostarttoken=0b1c&amp;redirect=null"\s+referrerpolicy="origin"/,
    );
  });

  it('say nothing of the app before it is opened, and offer help for when it was not', () => {
    for (const language of languages) {
      const page = launchPage(contextIn(language), link, opening).toString();
      const { launch } = textsOf({ language, purpose: 'payment' });
      expect(page).toMatch(/<p class="status" role="status" data-message data-rfa=""><\/p>/);
      expect(page.replaceAll(/data-opening="[^"]*"/g, '')).not.toContain(opening.text);
      expect(page).toMatch(new RegExp(`<details[^>]*>\\s*<summary>${launch.notOpened.replace('?', '\\?')}`));
    }
  });

  it("carry BankID's code for the situation", () => {
    expect(waitPage(contextIn('en'), message).toString()).toMatch(/data-rfa="RFA9">Read &amp; sign</);
  });

  it('warn of the fraud that relays a link or a code, wherever one can sign', () => {
    const { warning } = textsOf({ language: 'sv', purpose: 'payment' });
    const context = contextIn('sv');
    for (const page of [startPage(context), qrPage(context, 180), launchPage(context, link, opening)]) {
      expect(page.toString()).toContain(warning.title);
    }
  });

  it('warn a minute before the time is up, once, and are loaded again then and when it is up', () => {
    const page = (secondsLeft: number): string => startPage({ ...contextIn('en'), secondsLeft }).toString();
    expect(page(600)).toMatch(/content="540".*data-expires="600"[^>]*><\/p>/s);
    expect(page(60)).toMatch(/content="61".*data-expires="60"[^>]*>Less than a minute/s);
  });

  it('show the time of a QR code, never longer than that of the request, and offer more of it without a script', () => {
    const page = qrPage({ ...contextIn('en'), secondsLeft: 125 }, 180).toString();
    expect(page).toContain('data-countdown="125">2:05<');
    expect(page).toMatch(/<form method="post" action="[^"]*\/start\/other">\s*<button[^>]*>I need more time</);
    const { qr } = textsOf({ language: 'en', purpose: 'payment' });
    for (const step of qr.steps) expect(step).not.toContain(qr.title);
  });

  it('lead back to the TPP from every end, also a browser that never began', () => {
    for (const ending of ['expired', 'done', 'declined', 'risk'] as const)
      expect(endedPage(contextIn('sv'), ending).toString()).toContain('/authorize/AAAAAAAAAAAAAAAAAAAAAA/return');
  });

  it('say that it is a test wherever it is one', () => {
    const { testBanner } = textsOf({ language: 'sv', purpose: 'payment' });
    expect(startPage({ ...contextIn('sv'), environment: 'bankid-test' }).toString()).toContain(testBanner);
    expect(startPage(contextIn('sv')).toString()).not.toContain(testBanner);
  });

  it('never call the signature qualified', () => {
    const said = (texts: Texts): string => JSON.stringify(texts);
    for (const language of languages) {
      for (const purpose of ['payment', 'login'] as const) {
        expect(said(textsOf({ language, purpose }))).not.toMatch(/qualified|kvalificerad/i);
      }
    }
  });
});

const WORDS_OF_PAYMENTS =
  /betal\w*|\bpay(?:ment|s)?\b|\bpaid\b|\bsign(?:ed|ing|ature)?\b|underskrift\w*|skriv\w* under/gi;

describe('the pages of a login', () => {
  it.each(languages)('say in %s to whom one logs in, and what that client will be told', (language) => {
    const { summary } = textsOf({ language, purpose: 'login' });
    const told = (facts: Partial<LoginFacts>): string => {
      const context = loginIn(language);
      return startPage({ ...context, asked: { ...(context.asked as LoginFacts), ...facts } }).toString();
    };
    expect(told({})).toContain('Läkarportalen i Norr AB');
    expect(told({})).toContain(`${summary.names}, ${summary.number}`);
    expect(told({ isToldNames: false })).not.toContain(summary.names);
    expect(told({ isToldNumber: false })).not.toContain(summary.number);
    expect(told({ isToldNames: false, isToldNumber: false })).toContain(summary.pseudonym);
  });

  it.each(languages)('never speak in %s of a payment or a signature', (language) => {
    // The footer alone says that nothing is paid or signed here.
    const { footer } = textsOf({ language, purpose: 'login' });
    for (const page of everyPage(loginIn(language))) {
      const { body } = /<body>(?<body>.*)/s.exec(page.toString())?.groups ?? {};
      const words = body
        ?.replaceAll(/(?:href|src|action)="[^"]*"/g, '')
        .replaceAll(footer, '')
        .replaceAll(message.text.replace('&', '&amp;'), '');
      expect(words?.match(WORDS_OF_PAYMENTS) ?? []).toEqual([]);
    }
  });

  it('warn of the fraud that relays a link or a code, wherever one can log in', () => {
    const { warning } = textsOf({ language: 'sv', purpose: 'login' });
    const context = loginIn('sv');
    for (const page of [startPage(context), qrPage(context, 180), launchPage(context, link, opening)]) {
      expect(page.toString()).toContain(warning.title);
    }
  });
});
