const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          rewriteRelativeImportExtensions: false,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/build/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/build/'],
};

// Tests that need no database, process or socket: the unit project, beside the specs of src/ and simulator/. bounded.spec.ts counts the
// steps of code that V8 has just loaded: what it has optimised for an earlier suite counts next to nothing.
const pure = [
  'test/architecture.spec.ts',
  'test/attacker/forgery/',
  'test/attacker/mutations/bounded.spec.ts',
  'test/auditor/verify/',
  'test/payer/payment/',
];

export default {
  // The machine of .ci/run has two cores. With three workers, suites that start processes and browsers pass their limits of time.
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/run/longest-first.js',
  // A worker keeps what its suites have loaded: counting V8's steps (bounded.spec.ts) took 201 s at the end of a run, and 5 s in a new one.
  workerIdleMemoryLimit: '1GB',
  // A worker that has run forty suites gives 1.8 GB back after all that was open is closed: 9 s on a busy machine. jest allows it
  // 500 ms and then calls it a leak. One that keeps something open is found all the same, and bin/test.js fails the run.
  workerGracefulExitTimeout: 30_000,
  // Postgres, BankID and browsers stand behind the system tests, and two workers share two cores.
  testTimeout: 90_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/src/**/*.spec.ts',
        '<rootDir>/simulator/**/*.spec.ts',
        ...pure.map((path) => `<rootDir>/${path}${path.endsWith('/') ? '**/*.spec.ts' : ''}`),
      ],
    },
    {
      ...common,
      displayName: 'system',
      runtime: '<rootDir>/test/support/run/shared-modules.js',
      testEnvironment: '<rootDir>/test/support/run/main-realm.js',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      testPathIgnorePatterns: [...common.testPathIgnorePatterns, ...pure.map((path) => `<rootDir>/${path}`)],
      globalSetup: '<rootDir>/test/support/run/global-setup.js',
      globalTeardown: '<rootDir>/test/support/run/global-teardown.js',
      setupFiles: ['<rootDir>/test/support/run/setup.ts'],
    },
  ],
};
