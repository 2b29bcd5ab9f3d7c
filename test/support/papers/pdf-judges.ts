import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClassPath } from '../commands/maven.ts';
import { lackOf } from '../skipping.ts';

const folder = import.meta.dirname;

/** Why what asks these is skipped; undefined where they are here. */
export const noPdftotext = lackOf('pdftotext', '-v');
export const noQpdf = lackOf('qpdf', '--version');

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
  return withFiles(pdfs, (files) => {
    const classPath = findClassPath(join(folder, 'pom.xml'));
    if (classPath === undefined) return undefined;
    const { status, stdout, stderr } = run('java', ['-cp', classPath, join(folder, 'Judge.java'), ...files]);
    if (status !== 0) throw new Error(`the judge failed: ${stderr}`);
    return stdout.trim().split('\n');
  });
}

function run(program: string, words: readonly string[]) {
  return spawnSync(program, words, { encoding: 'utf8' });
}

function withFiles<T>(pdfs: readonly Buffer[], use: (files: readonly string[]) => T): T {
  const work = mkdtempSync(join(tmpdir(), 'sigill-pdf-'));
  try {
    const files = pdfs.map((pdf, n) => {
      const file = join(work, `${n}.pdf`);
      writeFileSync(file, pdf);
      return file;
    });
    return use(files);
  } finally {
    rmSync(work, { recursive: true });
  }
}
