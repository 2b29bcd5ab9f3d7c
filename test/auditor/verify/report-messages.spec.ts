import { render, type CheckMessages, type Texts } from '../../../src/verification/messages.ts';
import { languages } from '../../../src/evidence-files/report-phrases.ts';
import { makeVector } from '../../support/vectors/vector.ts';
import { bareReportOf, reportOf } from '../../support/vectors/verify.ts';

describe('a program that reads a report', () => {
  it('is given what each check concluded as an id of that check, and the same in English', () => {
    const reports = [reportOf({}), bareReportOf(makeVector()), bareReportOf(makeVector({ signedWith: 'stranger' }))];
    const rows = reports.flatMap(({ checks }) => checks);
    expect(rows).toHaveLength(48);
    for (const row of rows) {
      expect([row.id, 'input']).toContain(row.message.split('.')[0]);
      expect(row.detail).toBe(render<CheckMessages>(languages.en.checkMessages, row));
    }
  });

  it('is given what a message speaks of as members, which every language puts into its own sentence', () => {
    const vector = makeVector();
    const broken = {
      ...vector,
      completion: { ...vector.completion, signature: Buffer.from('<x/>').toString('base64') },
    };
    expect(bareReportOf(broken).checks[0]).toEqual({
      id: 'structure',
      status: 'failed',
      message: 'structure.malformed',
      parameters: { fault: 'XML: declaration' },
      detail: 'XML: declaration',
    });
    const sentences: readonly Texts<CheckMessages>[] = [languages.en.checkMessages, languages.sv.checkMessages];
    const reason = { message: 'path.signature', parameters: { position: 2 } } as const;
    expect(sentences.map((texts) => render(texts, reason))).toEqual([
      'CA certificate 2: signature does not verify',
      'utfärdarcertifikat 2: utfärdarens underskrift stämmer inte',
    ]);
  });
});
