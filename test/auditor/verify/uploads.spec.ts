import { verifyUpload, UploadRefused } from '../../../src/evidence-files/upload.ts';
import { folderOf } from '../../support/evidence/evidence-export.ts';
import { makeVector } from '../../support/vectors/vector.ts';
import { settingsOf } from '../../support/vectors/verify.ts';
import { zipOf, type WrittenMember } from '../../support/evidence/zip-writer.ts';

const vector = makeVector();
const settings = settingsOf(vector);

const members = (folder: string): readonly WrittenMember[] =>
  [...folderOf(vector)].map(([name, content]) => ({ name: folder + name, content }));
const stranger = (name: string): WrittenMember => ({ name, content: Buffer.from('{"amount":"9250.00"}') });

/** `matches` of the report, or why the upload was refused. */
async function answerTo(all: readonly WrittenMember[]): Promise<string> {
  try {
    return (await verifyUpload('application/zip', zipOf(all), settings)).matches;
  } catch (error) {
    if (error instanceof UploadRefused) return error.reason;
    throw error;
  }
}

describe('an uploaded ZIP', () => {
  it.each(['', 'one/'])('is verified where it holds the files of one folder and no others, at %j', async (folder) => {
    expect(await answerTo(members(folder))).toBe('yes');
  });

  it('is verified where its folder has a member of its own, and refused where another has', async () => {
    const entry = (name: string): WrittenMember => ({ name, content: Buffer.alloc(0) });
    expect(await answerTo([entry('one/'), ...members('one/')])).toBe('yes');
    expect(await answerTo([...members('one/'), entry('amount-9250/')])).toContain('amount-9250/');
    expect(await answerTo([...members(''), entry('one/')])).toContain('one/');
  });

  it.each([
    ['', 'consent-real.json'],
    ['', 'two/consent.json'],
    ['one/', 'one/consent-real.json'],
    ['one/', 'index.csv'],
    ['one/', 'consent.json'],
    ['one/', 'two/consent.json'],
    ['one/', 'onetwo/consent.json'],
    ['one/', '.DS_Store'],
  ])(
    'with the folder at %j is refused for %s, by that name: no verdict covers what was not looked at',
    async (folder, name) => {
      expect(await answerTo([...members(folder), stranger(name)])).toBe(
        `the ZIP holds ${name}, which is no file of an evidence folder`,
      );
      expect(await answerTo([stranger(name), ...members(folder)])).toContain(name);
    },
  );
});
