// Reads what `sigill demo --json` printed: exactly one JSON document, and what it must say.
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');

const printed = JSON.parse(readFileSync(0, 'utf8'));
assert.equal(printed.consent.state, 'consumed');
assert.match(printed.consent.id, /^[0-9a-f-]{36}$/);
assert.deepEqual(
  { indication: printed.verification.indication, matches: printed.verification.matches },
  { indication: 'TOTAL-PASSED', matches: 'yes' },
);
assert.equal(printed.secondConsumption, 'refused');
assert.ok(printed.steps.length > 0 && printed.steps.every(({ name, ms }) => typeof name === 'string' && ms >= 0));
const { parToToken, signing, introspection } = printed.statements;
assert.ok(parToToken > 0 && parToToken <= 20, `parToToken takes ${parToToken} statements`);
assert.ok(introspection > 0 && introspection <= 2, `an introspection takes ${introspection} statements`);
assert.ok(signing > 0);
console.error(`demo: consumed, ${parToToken} statements from PAR to token`);
