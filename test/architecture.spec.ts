import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SOFTWARE_VERSION } from '../src/kernel/version.ts';
import { pathsOf, programSources, root, sources } from './support/sources.ts';

const program = programSources();
const everything = ['src', 'simulator', 'sandbox', 'migrations', 'test'].flatMap((folder) => sources(folder));
const migrations = sources('migrations', '.sql');

const STATEMENT = /['"`]\s*(?:select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()/i;

describe('the walls that dependency-cruiser cannot see', () => {
  it('keep SQL in repositories and migrations', () => {
    // open-database.ts asks the database who it is before there is any repository.
    const allowed = /\.repository\.ts$|^src\/database\/open-database\.ts$/;
    expect(pathsOf(program.filter(({ path, code }) => STATEMENT.test(code) && !allowed.test(path)))).toEqual([]);
  });

  it('keep process.env in config', () => {
    const readers = program.filter(({ code }) => /process\s*(?:\.|\[['"])\s*env\b/.test(code));
    expect(pathsOf(readers).filter((path) => !path.startsWith('src/config/'))).toEqual([]);
  });

  it('keep the present moment in the clock', () => {
    // Monotonic durations (performance.now) are no moments.
    const clocks = program.filter(({ code }) => /\bDate\.now\(|\bnew Date\(\)/.test(code));
    expect(pathsOf(clocks)).toEqual(['src/kernel/clock.ts']);
  });

  it('keep the escaping of HTML in one template', () => {
    const all = [...program, ...sources('simulator'), ...sources('sandbox')];
    expect(pathsOf(all.filter(({ code }) => code.includes('&lt;')))).toEqual(['src/kernel/web/html.ts']);
  });

  it('keep definite assertions in DTOs', () => {
    const asserted = program.filter(({ code }) => /^\s+(?:readonly\s+)?#?\w+!:/m.test(code));
    expect(pathsOf(asserted).filter((path) => !path.endsWith('.dto.ts'))).toEqual([]);
  });

  it('have no barrels: a file that only passes on what others export', () => {
    const passing = program.filter(({ path, code }) => /\/index\.ts$/.test(path) || /^export \* from/m.test(code));
    expect(pathsOf(passing)).toEqual([]);
  });

  it('have no folders by kind', () => {
    const byKind = /\/(?:dto|dtos|entities|utils|util|helpers|common|interfaces|services|controllers)\//;
    expect(pathsOf(program).filter((path) => byKind.test(path))).toEqual([]);
  });

  it('have no getX that may be undefined: that is a findX', () => {
    const mayBeUndefined = /\bget[A-Z]\w*\([^()]*\)\s*:[^;={]*\bundefined\b[^;={]*\{/;
    expect(pathsOf(program.filter(({ code }) => mayBeUndefined.test(code)))).toEqual([]);
  });

  it('have no cycles in modules hidden by forwardRef', () => {
    expect(pathsOf(program.filter(({ code }) => code.includes('forwardRef')))).toEqual([]);
  });

  it('know no TypeORM entities, repositories or query builders', () => {
    const forbidden = /@Entity\(|getRepository\(|createQueryBuilder\(/;
    expect(pathsOf(program.filter(({ code }) => forbidden.test(code)))).toEqual([]);
  });
});

describe('files', () => {
  it('have at most 300 lines', () => {
    const long = everything.filter(({ text }) => text.split('\n').length > 301);
    expect(pathsOf(long)).toEqual([]);
  });

  it('are at most fourteen in a folder of src or test, specs included', () => {
    const counts = new Map<string, number>();
    for (const { path } of ['src', 'test'].flatMap((folder) => sources(folder, '')))
      counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 14)).toEqual([]);
  });

  it('have names in kebab-case, with Nest suffixes for Nest roles only', () => {
    const name =
      /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:module|controller|service|repository|guard|filter|pipe|middleware|dto|spec|d|sv|en|css|client|test-data))*\.ts$/;
    expect(pathsOf(everything).filter((path) => !name.test(path.split('/').at(-1) ?? ''))).toEqual([]);
  });

  it('hold no work that was put off', () => {
    const putOff = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].map((word) => `\\b${word}\\b`).join('|'),
    );
    expect(pathsOf(everything.filter(({ text }) => putOff.test(text)))).toEqual([]);
  });

  it('that are no TypeScript are copied by every build', () => {
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8')) as {
      compilerOptions: { assets: readonly unknown[] };
    };
    const forms = '**/*.{css,js,svg}';
    expect(compilerOptions.assets).toContainEqual({ include: forms, outDir: 'dist' });
    expect(readFileSync(join(root, 'sandbox/copy-files.ts'), 'utf8')).toContain(`{src,simulator,sandbox}/${forms}`);
    const others = ['src', 'simulator', 'sandbox'].flatMap((folder) => sources(folder, ''));
    const copied = /\.(?:css|js|svg|ts)$|\/README\.md$/;
    expect(pathsOf(others).filter((path) => !copied.test(path))).toEqual([]);
  });

  it('name the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(SOFTWARE_VERSION).toBe(version);
  });
});

describe('routes', () => {
  const controllers = program.filter(({ path }) => path.endsWith('.controller.ts'));
  const DECLARATION = /@(?:Public|OpenToAll|Access|ClientAuthentication|BoundBrowser|RequestHolder)\(/;
  const ROUTE = /^ {2}@(?:Get|Post|Put|Patch|Delete|All|Options|Head)\(/gm;

  it('stand in controllers only', () => {
    const elsewhere = program.filter(
      ({ path, code }) => /^@Controller\(/m.test(code) && !path.endsWith('.controller.ts'),
    );
    expect(controllers.length).toBeGreaterThan(0);
    expect(pathsOf(elsewhere)).toEqual([]);
  });

  it('each declare who may call them, on the route or on their controller', () => {
    const undeclared = controllers.flatMap(({ path, code }) => {
      const [head = '', ...rest] = code.split(/^export class /m);
      if (DECLARATION.test(head)) return [];
      return routesOf(rest.join(''))
        .filter((decorators) => !DECLARATION.test(decorators))
        .map((route) => `${path}: ${route.trim()}`);
    });
    expect(undeclared).toEqual([]);
  });

  it('hold no decision: a controller has no if', () => {
    const classes = controllers.map(
      ({ path, code }) => [path, code.match(/^export (?:abstract )?class [\s\S]*?^}/gm) ?? []] as const,
    );
    expect(classes.filter(([, bodies]) => bodies.length === 0)).toEqual([]);
    const deciding = classes.filter(([, bodies]) => bodies.some((body) => /\bif\s*\(|\bswitch\s*\(/.test(body)));
    expect(deciding.map(([path]) => path)).toEqual([]);
  });

  /** The decorators of each route: from a blank line or the end of the method before, to the method's name. */
  function routesOf(body: string): readonly string[] {
    const blocks = body.split(/\n\s*\n/);
    return blocks
      .filter((block) => block.match(ROUTE))
      .map((block) => block.split(/^ {2}(?:async )?[a-z]\w*\(/m)[0] ?? '');
  }
});

// Who writes and reads which table is found by PostgreSQL, in operator/statements.spec.ts.
describe('tables', () => {
  const repositories = program.filter(({ path }) => path.endsWith('.repository.ts'));

  it('are created plainly: a migration never skips what exists', () => {
    expect(
      pathsOf(
        migrations.filter(({ text }) =>
          /create (?:table|index|unique index|schema) if not exists|or replace/i.test(withoutSqlComments(text)),
        ),
      ),
    ).toEqual([]);
  });

  it('are read by columns: no select of everything', () => {
    expect(pathsOf(repositories.filter(({ code }) => /\bselect\s+(?:\w+\.)?\*|\breturning\s+\*/i.test(code)))).toEqual(
      [],
    );
  });

  it('take values as parameters: no value is put into a statement', () => {
    const built = repositories.filter(({ code }) => /(?:\bvalues\s*\(|[=<>]\s*)'?\$\{(?![A-Z_]+\})/.test(code));
    expect(pathsOf(built)).toEqual([]);
  });
});

describe('documents', () => {
  const documents = ['*.md', 'docs/**/*.md', 'simulator/*.md'].flatMap((pattern) => globSync(pattern, { cwd: root }));
  const found = (pattern: RegExp): readonly (readonly [string, RegExpExecArray])[] =>
    documents.flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(pattern)].map((match) => [path, match] as const),
    );

  it('name commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const commands = found(/\bnpm run (?:-s )?([a-z][\w:-]*)/g);
    expect(commands.length).toBeGreaterThan(0);
    expect(
      commands.filter(([, [, name = '']]) => !Object.hasOwn(scripts, name)).map(([path, [all]]) => [path, all]),
    ).toEqual([]);
  });

  it('name files that exist', () => {
    const files = found(/`((?:src|test|bin|docs|sandbox|simulator|bench|migrations|\.ci)\/[^`<\s]*)`/g);
    const missing = files.filter(([, [, file = '']]) => globSync(file, { cwd: root }).length === 0);
    expect(files.length).toBeGreaterThan(0);
    expect(missing.map(([path, [all]]) => [path, all])).toEqual([]);
  });

  it('link to files that exist', () => {
    const links = found(/\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)/g);
    const missing = links.filter(([path, [, link = '']]) => !existsSync(join(root, dirname(path), link)));
    expect(links.length).toBeGreaterThan(0);
    expect(missing.map(([path, [all]]) => [path, all])).toEqual([]);
  });

  it('link to headings that exist', () => {
    const links = found(/\]\((?!\w+:)([^)#\s]*\.md|)#([^)\s]+)\)/g);
    const missing = links.filter(([path, [, link = '', anchor = '']]) => {
      const target = link === '' ? path : join(dirname(path), link);
      return !anchorsOf(readFileSync(join(root, target), 'utf8')).has(anchor);
    });
    expect(links.length).toBeGreaterThan(0);
    expect(missing.map(([path, [all]]) => [path, all])).toEqual([]);
  });

  it('name what stands in a file where it stands', () => {
    const places = found(/`(\w+)` (?:in|of) `(src\/[^`<\s]*)`/g);
    const elsewhere = places.filter(
      ([, [, name = '', file = '']]) => !readFileSync(join(root, file), 'utf8').includes(name),
    );
    expect(places.length).toBeGreaterThan(0);
    expect(elsewhere.map(([path, [all]]) => [path, all])).toEqual([]);
  });
});

/** As GitHub makes them: in small letters, with hyphens for spaces, without punctuation. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  );
}

function withoutSqlComments(sql: string): string {
  return sql.replaceAll(/--.*$/gm, '');
}
