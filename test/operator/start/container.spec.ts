import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { variables } from '../../../src/config/settings.ts';

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly read_only?: boolean;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const compose = parse(read('docker-compose.yml'), { strict: true, uniqueKeys: true }) as Compose;

/** Each stage of the Dockerfile with its instructions. */
const stages = read('Dockerfile')
  .replaceAll(/^#.*$/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split(/^(?=FROM )/m)
  .filter((stage) => stage.startsWith('FROM'))
  .map((stage) =>
    stage
      .trim()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
const final = stages.at(-1) ?? [];

describe('the container image', () => {
  it('runs Node 24 from an official image in every stage', () => {
    expect(stages.length).toBeGreaterThan(1);
    for (const [from] of stages) expect(from).toMatch(/^FROM node:24-/);
  });

  it('does not run as root', () => {
    const user = final.filter((line) => line.startsWith('USER ')).at(-1);
    expect(user).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
    expect(final.findIndex((line) => line.startsWith('USER'))).toBeLessThan(
      final.findIndex((line) => line.startsWith('CMD')),
    );
  });

  it('has a verifier that stands alone as a target, which does not run as root either', () => {
    const verifier = stages.find(([from]) => from?.endsWith(' AS verifier')) ?? [];
    expect(verifier).toContain('USER 10001:10001');
    expect(verifier.at(-1)).toBe('CMD ["node", "bin/sigill.js", "serve-verifier"]');
  });

  it('holds neither simulator nor sandbox, nor the packages of development', () => {
    const copied = final.filter((line) => line.startsWith('COPY')).join('\n');
    expect(copied).not.toMatch(/COPY (?:--\S+ )?\.|sandbox|simulator|test|bench|build\/src/);
    expect(read('Dockerfile')).toContain('npm ci --omit=dev --omit=optional');
    expect(read('.dockerignore')).toMatch(/^\*$/m);
    expect(read('.dockerignore')).not.toMatch(/^!(?:sandbox|simulator|test|bench)/m);
    const { include } = JSON.parse(read('tsconfig.build.json')) as { include: string[] };
    expect(include).toEqual(['src', 'migrations']);
  });

  it('lets its user read what came from the checkout, whatever the umask there', () => {
    const runtimes = stages.filter((stage) => stage.some((line) => line.startsWith('USER ')));
    const copied = runtimes.flat().filter((line) => line.startsWith('COPY ') && !line.includes('--from='));
    expect(copied.length).toBeGreaterThan(0);
    for (const line of copied) expect(line).toMatch(/^COPY --chmod=0644 /);
  });

  it('has no secret in it', () => {
    expect(read('Dockerfile')).not.toMatch(/^(?:ENV|ARG) .*(?:PASSWORD|KEY|SECRET|TOKEN|DATABASE_URL)/m);
  });
});

describe('docker-compose.yml', () => {
  const { sigill, migrate, database, login } = compose.services;

  it('brings PostgreSQL 18, migrates, makes the login of the service, and only then starts it', () => {
    expect(database?.image).toMatch(/^postgres:18\b/);
    expect(migrate?.command).toEqual(['node', 'bin/sigill.js', 'migrate']);
    expect(migrate?.depends_on).toEqual({ database: { condition: 'service_healthy' } });
    expect(login?.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    expect(sigill?.depends_on).toEqual({ login: { condition: 'service_completed_successfully' } });
  });

  it('gives every secret as a file, and none twice', () => {
    for (const service of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(service.environment ?? {})) {
        if (/PASSWORD|KEY|PASSPHRASE|DATABASE_URL|CLIENTS|ROOT|P12/.test(name)) {
          expect(name).toMatch(/_FILE$/);
          expect(value).toMatch(/^\/run\/secrets\//);
        }
        const secret = /^\/run\/secrets\/(.*)$/.exec(value)?.[1];
        if (secret !== undefined) expect(service.secrets).toContain(secret);
      }
      for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty(secret);
    }
  });

  it("does not give the service the owner's password, nor the migration the service's keys", () => {
    expect(sigill?.secrets).not.toContain('owner_password');
    expect(sigill?.secrets).not.toContain('migration_database_url');
    expect(migrate?.secrets).toEqual(['migration_database_url']);
  });

  it('names no variable that the service does not know', () => {
    const named = Object.keys({ ...sigill?.environment, ...migrate?.environment });
    expect(named).toContain('CLIENTS_FILE');
    expect(named.filter((name) => !variables.has(name))).toEqual([]);
  });

  it('reaches the database by its socket, where a login has a password too', () => {
    for (const service of [database, migrate, login, sigill]) {
      expect(service?.volumes).toContain('socket:/var/run/postgresql');
    }
    expect(database?.environment?.['POSTGRES_INITDB_ARGS']).toContain('--auth-local=scram-sha-256');
    expect(login?.environment?.['PGHOST']).toBe('/var/run/postgresql');
    expect(read('docs/runbooks/deploy.md')).toContain('@%2Fvar%2Frun%2Fpostgresql/sigill');
  });

  it('opens no port to the network but through a proxy, and none for metrics', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports).toEqual(['127.0.0.1:3000:3000']);
    expect(sigill?.read_only).toBe(true);
  });
});
