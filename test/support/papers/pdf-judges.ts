import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = import.meta.dirname;
const isHere = (program: string, word: string): boolean => spawnSync(program, [word], { stdio: 'ignore' }).status === 0;

export const hasPdftotext = isHere('pdftotext', '-v');
export const hasQpdf = isHere('qpdf', '--version');
/** Whether this machine can run veraPDF, if Maven reaches its artefacts or has them already. */
export const hasJavaAndMaven = isHere('java', '-version') && isHere('mvn', '-version');

/** The text of a PDF as a person copies it, in the order of the page. */
export function textOfPdf(pdf: Buffer): string {
  return withFiles([pdf], ([file = '']) => run('pdftotext', ['-layout', file, '-']).stdout);
}

/** The structure of a PDF, as a screen reader walks it. */
export function structureOfPdf(pdf: Buffer): string {
  return withFiles([pdf], ([file = '']) => run('pdfinfo', ['-struct-text', file]).stdout);
}

/** What `qpdf --check` says against the file; empty where it says nothing. */
export function faultsByQpdf(pdf: Buffer): string {
  return withFiles([pdf], ([file = '']) => {
    const { status, stdout, stderr } = run('qpdf', ['--check', file]);
    return status === 0 ? '' : stdout + stderr;
  });
}

/** `compliant`, or the rules of PDF/A-2b that are broken, of each. @returns undefined where Maven finds no artefacts */
export function judgeByVeraPdf(pdfs: readonly Buffer[]): readonly string[] | undefined {
  return withFiles(pdfs, (files, work) => {
    const classPath = findClassPath(join(work, 'class-path'));
    if (classPath === undefined) return undefined;
    const { status, stdout, stderr } = run('java', ['-cp', classPath, join(folder, 'Judge.java'), ...files]);
    if (status !== 0) throw new Error(`the judge failed: ${stderr}`);
    return stdout.trim().split('\n');
  });
}

/** From the machine's own repository if it has all of them, otherwise from Maven's. */
function findClassPath(out: string): string | undefined {
  const words = ['-B', '-q', '-f', join(folder, 'pom.xml'), 'dependency:build-classpath', `-Dmdep.outputFile=${out}`];
  const found = [['-o', ...words], words].some((attempt) => run('mvn', attempt).status === 0);
  return found ? readFileSync(out, 'utf8').trim() : undefined;
}

function run(program: string, words: readonly string[]) {
  return spawnSync(program, words, { encoding: 'utf8' });
}

function withFiles<T>(pdfs: readonly Buffer[], use: (files: readonly string[], work: string) => T): T {
  const work = mkdtempSync(join(tmpdir(), 'sigill-pdf-'));
  try {
    const files = pdfs.map((pdf, n) => {
      const file = join(work, `${n}.pdf`);
      writeFileSync(file, pdf);
      return file;
    });
    return use(files, work);
  } finally {
    rmSync(work, { recursive: true });
  }
}
