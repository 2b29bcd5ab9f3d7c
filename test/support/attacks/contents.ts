import { refusedContents } from '../vectors/refused-contents.ts';
import { fromRow, type Attack } from './attack.ts';
import { verdicts } from '../vectors/row.ts';
import { extensions } from '../vectors/der-writer.ts';

const expectation = { environment: 'production' } as const;

/** Genuine signatures of something else. The text's own attacks (bidi, homoglyphs) are refused before anything is signed. */
export const contents: readonly Attack[] = [
  ...refusedContents.map(fromRow),
  {
    title: 'a signature under the test root where the sandbox is expected',
    recipe: {},
    anchor: 'test',
    verdict: verdicts.OTHER,
    check: 'content',
  },
  {
    title: 'a test policy under the production root',
    recipe: {},
    anchor: 'production',
    changes: { expectation },
    verdict: verdicts.FOREIGN,
    check: 'path',
    also: ['content'],
  },
  {
    title: 'a production policy under the test root',
    recipe: { pki: { leaf: { extensions: [extensions.policy('1.2.752.78.1.5'), extensions.nonRepudiation] } } },
    anchor: 'test',
    verdict: verdicts.FOREIGN,
    check: 'path',
    also: ['content'],
  },
];
