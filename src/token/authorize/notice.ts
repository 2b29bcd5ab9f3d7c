import { commonFiles } from '../../design/common-files.ts';
import { pageDocument } from '../../design/document.ts';
import type { Language } from '../../design/language.ts';
import { html, type Html } from '../../kernel/web/html.ts';

/** Errors for a person who follows a link, of a payment or a login: which, an unknown link does not say. */
export type Notice = 'broken-link' | 'other-browser' | 'too-late' | 'trouble';

/** Who asked, where the link names a request that this client has pushed. */
export interface NoticeClient {
  readonly name: string;
  /** The origin of the request's own redirect URI: a page of the client's, without any of its parameters. */
  readonly origin: string | undefined;
}

/** What a notice knows besides its kind. */
export interface NoticeFacts {
  readonly language: Language;
  readonly isTest: boolean;
  readonly client?: NoticeClient | undefined;
  /** The same page in the other language. */
  readonly otherLanguage?: string | undefined;
}

type Words = Readonly<Record<Notice, { readonly title: string; readonly body: string; readonly advice: string }>>;

const backInSwedish = 'Gå tillbaka till sidan som du kom ifrån och börja om där.';
const backInEnglish = 'Go back to the page that you came from, and start again there.';

const texts: Readonly<Record<Language, Words>> = {
  sv: {
    'broken-link': {
      title: 'Länken gäller inte längre',
      body: 'Den har använts, har gått ut eller är inte hel. Ingenting har godkänts här.',
      advice: backInSwedish,
    },
    'other-browser': {
      title: 'Du började i en annan webbläsare',
      body: 'För din säkerhet går det bara att fortsätta där du började.',
      advice: 'Gå tillbaka till den webbläsaren. Sidan där fortsätter av sig själv.',
    },
    'too-late': {
      title: 'Tiden har gått ut',
      body: 'Det dröjde för länge, så svaret kan inte lämnas över.',
      advice: backInSwedish,
    },
    trouble: {
      title: 'Något gick fel hos oss',
      body: 'Ingenting har ändrats.',
      advice: 'Vänta en stund och ladda sedan om sidan.',
    },
  },
  en: {
    'broken-link': {
      title: 'This link is no longer valid',
      body: 'It has been used, has expired or is not complete. Nothing has been approved here.',
      advice: backInEnglish,
    },
    'other-browser': {
      title: 'You started in another browser',
      body: 'For your safety you can only continue where you started.',
      advice: 'Go back to that browser. The page there continues by itself.',
    },
    'too-late': {
      title: 'The time has run out',
      body: 'It took too long, so the answer cannot be passed on.',
      advice: backInEnglish,
    },
    trouble: {
      title: 'Something went wrong on our side',
      body: 'Nothing has been changed.',
      advice: 'Wait a moment, then reload the page.',
    },
  },
};

const ways = {
  sv: {
    test: 'Testmiljö – ingenting här är på riktigt.',
    startOver: (name: string) => `Gå tillbaka till ${name} och börja om där.`,
    backTo: (name: string) => `Till ${name}`,
  },
  en: {
    test: 'Test environment – nothing here is real.',
    startOver: (name: string) => `Go back to ${name} and start again there.`,
    backTo: (name: string) => `Go to ${name}`,
  },
} as const;

/** Says what happened and what to do, and leads on where a safe way is known. */
export function notice(kind: Notice, facts: NoticeFacts): Html {
  const { language, isTest, client, otherLanguage } = facts;
  const { title, body, advice } = texts[language][kind];
  return pageDocument({
    ...{ language, title, view: kind, files: commonFiles, otherLanguage },
    testBanner: isTest ? ways[language].test : undefined,
    main: html`<h1>${title}</h1>
      <p class="lead" id="notice">${body}</p>
      <p>${client ? ways[language].startOver(client.name) : advice}</p>
      ${wayOn(facts)}`,
  });
}

function wayOn({ language, client }: NoticeFacts): Html | undefined {
  if (client?.origin === undefined) return undefined;
  return html`<a class="primary button" href="${client.origin}" rel="noreferrer"
    >${ways[language].backTo(client.name)}</a
  >`;
}
