import type { Channel } from '../payment/channel.ts';

export const loginTemplates = ['login-sv-1', 'login-en-1'] as const;

/** Language and version. A template never changes; a better text is a new version beside it. */
export type LoginTemplate = (typeof loginTemplates)[number];

/** What the text is made of: everything in it is also in the non-visible data. */
export interface VisibleLogin {
  readonly template: LoginTemplate;
  /** The registered name of the client at the time of the request. */
  readonly clientName: string;
  readonly channel: Channel;
  /** The code by which the person knows that order and client belong together. */
  readonly bindingMessage: string | undefined;
}

interface Words {
  readonly labels: Readonly<Record<'client' | 'purpose' | 'code' | 'call', string>>;
  readonly logIn: (client: string) => string;
  /** In a phone call the client learns who it is talking with. */
  readonly sayWho: (client: string) => string;
  /** Who called whom; the other party is the client. */
  readonly call: Readonly<Record<'user' | 'RP', (client: string) => string>>;
  readonly compare: string;
  readonly warning: Readonly<Record<'elsewhere' | 'user' | 'RP', string>>;
}

const words: Readonly<Record<LoginTemplate, Words>> = Object.freeze({
  'login-sv-1': {
    labels: { client: 'Begärs av', purpose: 'Ändamål', code: 'Kod', call: 'Telefonsamtal' },
    logIn: (client) => `Logga in hos ${client}`,
    sayWho: (client) => `Bekräfta för ${client} vem du är`,
    call: { user: (client) => `Du ringde till ${client}`, RP: (client) => `${client} ringde till dig` },
    compare: 'Avbryt om koden inte är den som du fick se eller höra.\n',
    warning: {
      elsewhere:
        'Legitimera dig bara om du själv vill logga in här och nu.\n' +
        'Avbryt om någon har bett dig att göra det: så går bedrägerier till.',
      user: 'Legitimera dig bara om det var du som ringde.',
      RP: 'Lägg på och legitimera dig inte om du inte väntade dig samtalet.',
    },
  },
  'login-en-1': {
    labels: { client: 'Requested by', purpose: 'Purpose', code: 'Code', call: 'Phone call' },
    logIn: (client) => `Log in at ${client}`,
    sayWho: (client) => `Confirm to ${client} who you are`,
    call: { user: (client) => `You called ${client}`, RP: (client) => `${client} called you` },
    compare: 'Cancel if the code is not the one that you were shown or told.\n',
    warning: {
      elsewhere:
        'Identify yourself only if you want to log in here and now.\n' +
        'Cancel if someone has asked you to do it: that is how fraud works.',
      user: 'Identify yourself only if it was you who called.',
      RP: 'Hang up and do not identify yourself if you did not expect the call.',
    },
  },
});

export function isLoginTemplate(value: string): value is LoginTemplate {
  return (loginTemplates as readonly string[]).includes(value);
}

/** The template of new logins in a language. */
export function loginTemplateOf(language: 'sv' | 'en'): LoginTemplate {
  return language === 'sv' ? 'login-sv-1' : 'login-en-1';
}

/**
 * The text that the person reads in the BankID app: who asks, for what and where, the code if there is one, who called, a warning.
 * Lines are separated by LF, and each value has a line of its own after its label, so that no value can look like a label. The same
 * facts always give the same bytes.
 */
export function renderLoginText({ template, clientName, channel, bindingMessage }: VisibleLogin): string {
  const { labels, logIn, sayWho, call, compare, warning } = words[template];
  const caller = channel.way === 'phone' ? channel.callInitiator : undefined;
  const lines: readonly (readonly [label: string, value: string | undefined])[] = [
    [labels.client, clientName],
    [labels.purpose, caller ? sayWho(clientName) : logIn(clientName)],
    [labels.code, bindingMessage],
    [labels.call, caller && call[caller](clientName)],
  ];
  const rows = lines.flatMap(([label, value]) => (value === undefined ? [] : [`${label}:\n  ${value}\n`]));
  return `${rows.join('')}\n${bindingMessage === undefined ? '' : compare}${warning[caller ?? 'elsewhere']}`;
}
