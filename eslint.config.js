import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { noTextOrder } from './tools/lint/no-text-order.mjs';

const pureLibraries = ['libs/claims/**/*.ts', 'libs/calendar/**/*.ts'];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.tools/**', '.data/**', 'packages/client/dist/**', 'packages/client/src/generated/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      // Nest's injection needs classes as values; a type-only import of one compiles and fails at run time.
      '@typescript-eslint/consistent-type-imports': 'off',
      // Servers take handlers that nobody awaits; what they throw is handled inside.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, properties: false } }],
      // Promised by an interface whose other implementations wait.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'packages/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts'],
    plugins: { cpor: { rules: { 'no-text-order': noTextOrder } } },
    rules: { 'cpor/no-text-order': 'error' },
  },
  {
    files: ['apps/console/**/*.ts', 'apps/console/**/*.tsx'],
    // Handlers are passed on as properties; none of them uses "this".
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '(^|/)activities/|^#libs/', allowTypeImports: true, message: 'Workflow code takes types only: what runs there is replayed.' },
            { group: ['node:*', '@nestjs/*', 'typeorm', 'pg', 'zod', 'temporal-polyfill*'], message: 'Workflow code has no I/O, no rules and computes no dates.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'setImmediate', 'Temporal', 'Intl'],
    },
  },
  {
    files: pureLibraries,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\./|\\.\\./[^.]|temporal-polyfill|#libs/calendar/)', message: 'A pure library imports nothing of ours and no I/O.' }] },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai's assertions are expressions.
      '@typescript-eslint/no-unused-expressions': 'off',
      // Answers are read as they come; a wrong shape fails the expectation.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: { process: 'readonly', Buffer: 'readonly', fetch: 'readonly', performance: 'readonly', structuredClone: 'readonly', URL: 'readonly', module: 'writable' },
    },
  },
  {
    files: ['tools/**/*.mjs'],
    languageOptions: { globals: { setTimeout: 'readonly', clearTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly' } },
  },
);
