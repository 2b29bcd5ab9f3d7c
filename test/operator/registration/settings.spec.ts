import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings, variables } from '../../../src/config/settings.ts';
import { runCli } from '../../support/commands/run-cli.ts';

const operator = readFileSync(join(import.meta.dirname, '../../../docs/operator.md'), 'utf8');

describe('docs/operator.md', () => {
  it('has every setting with its form and default, as the code has them', async () => {
    const { code, stdout } = await runCli('settings', '--markdown');
    expect(code).toBe(0);
    const documented = operator.slice(operator.indexOf('### '), operator.indexOf('\n## Environments'));
    expect(documented.trim().split('\n')).toEqual(stdout.trim().split('\n'));
  });

  it('names no setting that there is not', () => {
    const named = [...operator.matchAll(/`([A-Z]+_[A-Z0-9_]+)(?:=[^`]*)?`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !variables.has(name))).toEqual([]);
  });
});

describe('sigill settings', () => {
  it('needs no configuration, and lists every setting for people and for programs', async () => {
    const [text, json] = [await runCli('settings'), await runCli('settings', '--json')];
    const groups = Object.values(JSON.parse(json.stdout) as Record<string, Record<string, unknown>>);
    expect(groups.flatMap((group) => Object.keys(group)).sort()).toEqual(Object.keys(settings).sort());
    expect(text.stdout).toContain('MAX_RISK\n    the highest risk indication of BankID that still authorises');
    expect(text.stdout).toContain('form: low, moderate\n    if not set: moderate');
  });
});
