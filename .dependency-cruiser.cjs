/**
 * The walls between the rooms of the house: which module may import which. Arrows run one way,
 *
 *   kernel ← crypto, payment ← identification ← verification ← evidence-files ← bundle: the pure rooms
 *   bundle ← papers: what is printed
 *   kernel ← config ← operations ← database ← vault, rates, http ← openapi ← health: the ground
 *   kernel ← design ← openapi, token, payer, uploads: what every page looks like
 *   bundle, design ← report-page ← uploads, cli: the page about a verification
 *   ground ← keys, audit, clients ← client-auth, bankid-sign ← evidence ← attempts ← consent, login ← token, payer, compliance
 *   kernel, crypto, config, operations ← timestamps ← ledger
 *   bundle, keys, timestamps ← seals ← compliance
 *   keys, audit, client-auth, evidence ← ledger ← compliance
 *   keys, http, bundle ← uploads ← compliance ← rights
 *
 * What this tool cannot see (SQL, time, declarations, tables) test/architecture.spec.ts looks after.
 */
const pure = ['kernel', 'payment', 'identification', 'crypto', 'verification', 'evidence-files', 'bundle'];

/** Module → what else of src/ it may import besides itself. */
const allowed = {
  kernel: [],
  payment: ['kernel'],
  // How a payer is reached and which characters a signed text may have are the same for both.
  identification: ['kernel', 'payment'],
  crypto: ['kernel'],
  verification: ['kernel', 'payment', 'identification', 'crypto'],
  'evidence-files': ['kernel', 'payment', 'identification', 'crypto', 'verification'],
  // What holds evidence and vouches for it as a whole: seal, place in the ledger, timestamps.
  bundle: ['kernel', 'payment', 'identification', 'crypto', 'verification', 'evidence-files'],
  // What people read on paper of evidence that was verified; it reads the fonts that it embeds, and nothing else.
  papers: ['kernel', 'payment', 'identification', 'crypto', 'verification', 'evidence-files', 'bundle'],
  // A bank's colours and logo are checked where the file that names them is read.
  config: ['kernel', 'design'],
  operations: ['kernel', 'config'],
  database: ['kernel', 'config', 'operations'],
  vault: ['kernel', 'config', 'operations', 'database'],
  rates: ['kernel', 'config', 'operations', 'database'],
  http: ['kernel', 'config', 'operations', 'database'],
  // What every page looks like; it knows neither what a page says nor how it is served.
  design: ['kernel'],
  // What a person reads of a verification, on a page of the service or in a file of `sigill verify`.
  'report-page': [
    'kernel',
    'payment',
    'identification',
    'crypto',
    'verification',
    'evidence-files',
    'bundle',
    'design',
  ],
  openapi: ['kernel', 'payment', 'design', 'config', 'operations', 'http'],
  health: ['kernel', 'config', 'operations', 'database', 'vault', 'http', 'openapi'],
  keys: ['kernel', 'crypto', 'config'],
  timestamps: ['kernel', 'crypto', 'config', 'operations'],
  seals: ['kernel', 'crypto', 'bundle', 'config', 'operations', 'keys', 'timestamps'],
  audit: ['kernel', 'crypto', 'config', 'operations', 'database'],
  clients: ['kernel', 'payment', 'crypto', 'config'],
};
const ground = [...pure, 'papers', 'design', 'config', 'operations', 'database', 'vault', 'http', 'openapi'];
allowed['client-auth'] = [...ground, 'rates', 'clients'];
allowed['bankid-sign'] = ground;
// What health said is recorded with the evidence, and how long a bank keeps it follows from its registration.
allowed.evidence = [...ground, 'health', 'clients', 'bankid-sign'];
// The numbers, trees and signed heads of all evidence of a bank; it knows nothing of consents.
allowed.ledger = [
  ...ground,
  'health',
  'keys',
  'timestamps',
  'audit',
  'clients',
  'client-auth',
  'bankid-sign',
  'evidence',
];
// What payments and logins share of their attempts at BankID, and the cookie that binds their browsers.
allowed.attempts = [...ground, 'bankid-sign', 'evidence'];
allowed.consent = [...ground, 'audit', 'clients', 'client-auth', 'bankid-sign', 'evidence', 'attempts'];
// A login is no consent, and neither knows the other.
allowed.login = [...ground, 'audit', 'clients', 'bankid-sign', 'evidence', 'attempts'];
allowed.token = [...allowed.consent, 'keys', 'consent', 'login'];
allowed.payer = [...allowed.consent, 'consent', 'login'];
// Verifying files that others bring: by a route of ours, by a server of its own.
allowed.uploads = [...ground, 'keys', 'report-page'];
allowed.compliance = [...allowed.consent, 'keys', 'timestamps', 'seals', 'ledger', 'consent', 'login', 'uploads'];
// Retention, holds, erasure and the rights of persons.
allowed.rights = [...allowed.compliance, 'health', 'compliance'];
// The commands of the CLI stand on top, beside app.ts.
allowed.cli = [...allowed.rights, 'rights', 'report-page', 'token'];

const modules = Object.keys(allowed);
const libraries = '^src/(kernel|crypto)/';
const top = '^src/[^/]+\\.ts$';
const signsWithoutBankId = '^bench/token/settlement\\.ts$';
const growsLogs = '^bench/ledger/grown-log\\.ts$';
const ordersExports = '^bench/export/order\\.ts$';

const arrows = modules.map((name) => ({
  name: `arrows-of-${name}`,
  comment: `src/${name} may import ${allowed[name].join(', ') || 'nothing else of src/'}.`,
  severity: 'error',
  from: { path: `^src/${name}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^(src|simulator|sandbox|bench|test|migrations)/', pathNot: inside([name, ...allowed[name]], name) },
}));

/** The one small loader of migrations is database's; commands may start the application. */
function inside(names, name) {
  const own = `^src/(${names.join('|')})/`;
  if (name === 'database') return [own, '^migrations/migrations\\.ts$'];
  return name === 'cli' ? [own, top] : own;
}

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'private-folders',
      comment:
        'A file directly in src/<module>/ is public; a sub-folder belongs to its module alone. kernel and crypto are libraries: all of them is public.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '^src/[^/]+\\.ts$' },
      to: { path: '^src/([^/]+)/[^/]+/', pathNot: ['^src/$1/', libraries] },
    },
    {
      name: 'private-folders-from-outside',
      comment: 'Neither the top of src/ nor sandbox, simulator and benchmarks look into private folders.',
      severity: 'error',
      from: {
        path: '^(src/[^/]+\\.ts$|sandbox/|simulator/|bench/)',
        pathNot: [signsWithoutBankId, growsLogs, ordersExports],
      },
      to: { path: '^src/[^/]+/[^/]+/', pathNot: libraries },
    },
    {
      name: 'one-statement-for-the-benchmark',
      comment: 'bench:token signs without BankID, and settles by the statement that production settles by.',
      severity: 'error',
      from: { path: signsWithoutBankId },
      to: {
        path: '^src/[^/]+/[^/]+/',
        pathNot: [libraries, '^src/consent/settlement/authorise\\.repository\\.ts$'],
      },
    },
    {
      name: 'orders-for-the-benchmark',
      comment:
        'bench:export measures an order as the workers of production do it, without the route and the approval before it.',
      severity: 'error',
      from: { path: ordersExports },
      to: { path: '^src/[^/]+/[^/]+/', pathNot: [libraries, '^src/(compliance/orders|ledger/heads)/'] },
    },
    {
      name: 'heads-and-proofs-for-the-benchmark',
      comment: 'bench:ledger measures heads of a log that has grown to ten million leaves, as production signs them.',
      severity: 'error',
      from: { path: growsLogs },
      to: { path: '^src/[^/]+/[^/]+/', pathNot: [libraries, '^src/ledger/(heads|log|outside|sequencer)/'] },
    },
    {
      name: 'pure-rooms',
      comment: 'The pure rooms work without framework, database and network.',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/`, pathNot: '\\.spec\\.ts$' },
      to: {
        path: '(^|/)node_modules/(@nestjs|typeorm|pg|undici|express|nestjs-pino)/|^(node:)?(http|https|http2|net|tls|fs|fs/promises|child_process|dgram|dns|worker_threads)$',
      },
    },
    {
      name: 'offline-verifier',
      comment: '`sigill verify` loads neither Nest nor a database driver.',
      severity: 'error',
      from: {
        path: '^src/(verification[/.]|cli/verify|cli/papers|evidence-files/|bundle/|papers/|report-page/|uploads/worker/)',
      },
      to: { path: '(^|/)node_modules/(@nestjs|typeorm|pg)/', reachable: true },
    },
    {
      name: 'oracles-in-tests-only',
      comment: 'Libraries that the verifier is compared with have no place in what runs in production.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '(^|/)node_modules/(@peculiar/x509|libxml2-wasm|bankid|playwright-core)/' },
    },
    {
      name: 'no-foreign-oauth-in-the-service',
      comment:
        'The token server is compared with openid-client in tests. Commands that are clients of a service are built on it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/cli/auditor/', '\\.spec\\.ts$'] },
      to: { path: '(^|/)node_modules/(openid-client|oauth4webapi)/' },
    },
    {
      name: 'simulator-stands-alone',
      comment: "The simulator shares src/kernel and nothing else: it must not share a bug of the verifier's reader.",
      severity: 'error',
      from: { path: '^simulator/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src|sandbox|bench|test|migrations)/', pathNot: '^src/kernel/' },
    },
    {
      name: 'no-imports-of-the-sandbox',
      comment: 'The one exception is src/cli.ts, which loads the demo where there is one, dynamically.',
      severity: 'error',
      from: { path: '^(src|simulator|migrations)/', pathNot: ['^src/cli\\.ts$', '\\.spec\\.ts$'] },
      to: { path: '^(sandbox|bench|test)/' },
    },
    {
      name: 'cli-loads-the-sandbox-dynamically',
      severity: 'error',
      from: { path: '^src/cli\\.ts$' },
      to: { path: '^sandbox/', dynamic: false },
    },
    {
      name: 'no-imports-of-the-application',
      comment: 'main, app and cli stand on top.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/cli/' },
      to: { path: top },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle of types alone is gone when the program runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(\\.\\./)*sandbox/demo' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|build)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
