import js from '@eslint/js';
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

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'build/',
      'node_modules/',
      '.sigill/',
      'test-output/',
      '**/*.cjs',
      'test/support/global-*.js',
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
      'no-restricted-syntax': restricted(clock, environment, definite),
    },
  },
  { files: ['**/*.dto.ts'], rules: { 'no-restricted-syntax': restricted(clock, environment) } },
  { files: ['src/config/**'], rules: { 'no-restricted-syntax': restricted(clock, definite) } },
  { files: ['src/kernel/clock.ts'], rules: { 'no-restricted-syntax': restricted(environment, definite) } },
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
  { files: ['simulator/**', 'sandbox/**', 'bench/**'], rules: { 'no-restricted-syntax': restricted(definite) } },
);
