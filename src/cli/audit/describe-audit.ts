import type {
  AuditFinding,
  AuditReport,
  BankTimeline,
  ConsentTimeline,
  LoginTimeline,
} from '../../compliance/audit-reading.ts';

/** For people: one line, then one for each finding. */
export function describeReport({ chains, events, consents, logins, findings }: AuditReport): string {
  const counts = `${events} events in ${chains} chains, ${consents} consents, ${logins} logins: ${countOf(findings)}`;
  return lines([counts, ...findings.map(describeFinding)]);
}

/** For people: one line for each event, oldest first, then the findings. */
export function describeTimeline(timeline: ConsentTimeline | LoginTimeline | BankTimeline): string {
  const { events, findings } = timeline;
  const width = Math.max(0, ...events.map(({ type }) => type.length));
  const table = events.map(({ at, type, actor, request, detail }) =>
    [
      at.padEnd(24),
      type.padEnd(width),
      actor,
      ...describeMembers(detail),
      ...describeMembers(request ?? {}, 'request.'),
    ]
      .join('  ')
      .trimEnd(),
  );
  const heading = `${nameOf(timeline)}; ${events.length} events, ${countOf(findings)}`;
  return lines([heading, ...table, ...findings.map(describeFinding)]);
}

function nameOf(timeline: ConsentTimeline | LoginTimeline | BankTimeline): string {
  if ('bank' in timeline) return `bank ${timeline.bank}`;
  const name = 'consentId' in timeline ? `consent ${timeline.consentId}` : `login ${timeline.loginId}`;
  return `${name}: ${timeline.state ?? 'its row is gone'}`;
}

const meanings: Readonly<Record<AuditFinding['code'], string>> = {
  'link-missing': 'there is no event at this place',
  'link-unlinked': 'the event does not follow the one before it',
  'link-edited': 'the event is not the one that was written',
  'event-missing': 'the state of the consent or login presupposes this event',
  'event-unexpected': 'the state of the consent or login knows nothing of this event',
  'consent-missing': 'there are events, but no such consent',
  'login-missing': 'there are events, but no such login',
};

/** `link-edited consent:BANK:ID 3: the event is not the one that was written`. */
export function describeFinding({ code, subject, seq, type }: AuditFinding): string {
  return `${[code, subject, seq, type].filter((part) => part !== undefined).join(' ')}: ${meanings[code]}`;
}

function describeMembers(members: object, prefix = ''): string[] {
  return Object.entries(members).map(
    ([name, value]) => `${prefix}${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}

function countOf(findings: readonly AuditFinding[]): string {
  if (findings.length === 0) return 'nothing is wrong';
  return findings.length === 1 ? '1 thing is wrong' : `${findings.length} things are wrong`;
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
