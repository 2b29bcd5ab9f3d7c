import { html, type Html } from '../../kernel/web/html.ts';

/** Errors for a person who follows a link. */
export type Notice = 'broken-link' | 'other-browser' | 'too-late' | 'already-done' | 'trouble';

const texts: Readonly<Record<Notice, { readonly sv: string; readonly en: string }>> = {
  'broken-link': {
    sv: 'Länken gäller inte längre. Gå tillbaka till butiken och börja om.',
    en: 'This link is no longer valid. Go back to the shop and start again.',
  },
  'other-browser': {
    sv: 'Betalningen påbörjades i en annan webbläsare. Gå tillbaka dit.',
    en: 'This payment was started in another browser. Go back to that one.',
  },
  'too-late': {
    sv: 'Tiden för betalningen har gått ut. Gå tillbaka till butiken och börja om.',
    en: 'The time for this payment has run out. Go back to the shop and start again.',
  },
  'already-done': {
    sv: 'Ditt godkännande har redan lämnats över. Gå tillbaka till butiken.',
    en: 'Your consent has already been passed on. Go back to the shop.',
  },
  trouble: {
    sv: 'Något gick fel hos oss. Försök igen om en stund.',
    en: 'Something went wrong on our side. Please try again later.',
  },
};

/** A page of constant text, without any input from the request. */
export function notice(kind: Notice): Html {
  const { sv, en } = texts[kind];
  return html`<!doctype html>
    <html lang="sv">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Sigill</title>
      </head>
      <body>
        <p id="notice">${sv}</p>
        <p lang="en">${en}</p>
      </body>
    </html>`;
}
