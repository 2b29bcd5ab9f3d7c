import js from '@eslint/js';
import * as espree from 'espree';
import tseslint from 'typescript-eslint';

const restricted = (...rules) => ['error', ...rules];
const clock = {
  selector:
    "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.object.name='Date'][callee.property.name='now']",
  message: 'Time comes from kernel/clock.',
};
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only src/config reads the environment.',
};
const definite = {
  selector: 'PropertyDefinition[definite=true]',
  message: 'A definite assertion (!:) is allowed in *.dto.ts only.',
};

const crowded = {
  selector: "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>5]",
  message: 'A constructor takes at most five parameters: the class has more than one task.',
};

export default tseslint.config(
  {
    ignores: [
      // Compiled by test/bank/generated-clients.spec.ts, beside the types that it needs.
      'docs/examples/*.ts',
      'dist/',
      'build/',
      'node_modules/',
      '.sigill/',
      'test-output/',
      '**/*.cjs',
      'test/support/run/*.js',
      'bin/',
      'eslint.config.js',
      'jest.config.js',
      '**/*.mjs',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      // Nest types its option bags as classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': restricted(clock, environment, definite, crowded),
    },
  },
  { files: ['**/*.dto.ts'], rules: { 'no-restricted-syntax': restricted(clock, environment, crowded) } },
  { files: ['src/config/**'], rules: { 'no-restricted-syntax': restricted(clock, definite, crowded) } },
  { files: ['src/kernel/clock.ts'], rules: { 'no-restricted-syntax': restricted(environment, definite, crowded) } },
  {
    files: ['test/**', '**/*.spec.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['simulator/**', 'sandbox/**', 'bench/**'],
    rules: { 'no-restricted-syntax': restricted(definite, crowded) },
  },
  {
    // Scripts of pages. TypeScript knows the browser's names from lib.dom, so no list of globals is kept here.
    files: ['src/**/*.js', 'simulator/**/*.js', 'sandbox/**/*.js'],
    languageOptions: {
      sourceType: 'script',
      parserOptions: { projectService: false, project: './tsconfig.browser.json' },
    },
    rules: {
      'no-undef': 'off',
      // The browser's clock is the only one there is.
      'no-restricted-syntax': 'off',
      // It does not see a JSDoc cast, the one way to say what JSON.parse gives.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    // Old phones run it: the parser refuses what ECMAScript 5 does not have. It gives no types; `npm run types` reads them.
    files: ['src/payer/**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parser: espree, ecmaVersion: 5 },
    rules: { '@typescript-eslint/no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
);
