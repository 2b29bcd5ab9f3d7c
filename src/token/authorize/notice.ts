import { html, type Html } from '../../kernel/web/html.ts';

/** Errors for a person who follows a link, of a payment or a login: which, an unknown link does not say. */
export type Notice = 'broken-link' | 'other-browser' | 'too-late' | 'already-done' | 'trouble';

const texts: Readonly<Record<Notice, { readonly sv: string; readonly en: string }>> = {
  'broken-link': {
    sv: 'Länken gäller inte längre. Gå tillbaka dit du kom ifrån och börja om.',
    en: 'This link is no longer valid. Go back to where you came from and start again.',
  },
  'other-browser': {
    sv: 'Du började i en annan webbläsare. Gå tillbaka dit.',
    en: 'You started in another browser. Go back to that one.',
  },
  'too-late': {
    sv: 'Tiden har gått ut. Gå tillbaka dit du kom ifrån och börja om.',
    en: 'The time has run out. Go back to where you came from and start again.',
  },
  'already-done': {
    sv: 'Ditt svar har redan lämnats över. Gå tillbaka dit du kom ifrån.',
    en: 'Your answer has already been passed on. Go back to where you came from.',
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
