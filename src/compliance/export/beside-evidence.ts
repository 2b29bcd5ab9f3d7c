import type { LinkedEvent } from '../../audit/check-chain.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { languages } from '../../evidence-files/report-phrases.ts';
import { formatReport, maskedVisibleText } from '../../evidence-files/report-text.ts';
import { formatInstant } from '../../kernel/clock.ts';
import { maskReport, type Report } from '../../verification/report.ts';

/** The report that was stored with evidence, for people, the personal number masked, also as that of an account: file name → bytes. */
export function reportsOf({ report, storedAt }: Evidence): ReadonlyMap<string, Buffer> {
  const whole = JSON.parse(report) as Report;
  const masked = { ...maskReport(whole), visibleText: maskedVisibleText(whole) };
  return new Map(
    (['en', 'sv'] as const).map((language) => {
      const text = formatReport(masked, languages[language], [found[language](formatInstant(storedAt))]);
      return [`report.${language}.txt`, Buffer.from(text, 'utf8')];
    }),
  );
}

/** When the report was made, because a later one may find more, or less. */
const found = {
  en: (at: string) => `Found when the evidence was stored, at ${at}. To verify it again: sigill verify`,
  sv: (at: string) => `Konstaterat när bevisningen lagrades, ${at}. Så kontrolleras den på nytt: sigill verify`,
} as const;

/**
 * A chain of events, one a line, and its head: RFC 8785 JSON each, so that the hash of an event can be computed from its line.
 * @param leaf the number of the leaf of the bank's audit log that covers the head; undefined before there is one
 */
export function auditLines(subject: string, events: readonly LinkedEvent[], leaf: number | undefined): Buffer {
  const lines = events.map(
    ({ event, hash, previousHash, seq }) =>
      `{"event":${event},"hash":"${hex(hash)}","previousHash":"${hex(previousHash)}","seq":${seq}}\n`,
  );
  const last = events.at(-1);
  const head = last && `{"hash":"${hex(last.hash)}","seq":${last.seq},"subject":${JSON.stringify(subject)}}`;
  return Buffer.from(`${lines.join('')}{"auditLeaf":${leaf ?? null},"head":${head ?? null}}\n`, 'utf8');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
