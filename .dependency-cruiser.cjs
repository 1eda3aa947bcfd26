/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or want a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'pure-libraries',
      comment: 'Rules and business days stand alone: nothing of ours, no I/O, no framework.',
      severity: 'error',
      from: { path: '^libs/(claims|calendar)/' },
      to: { pathNot: ['^libs/$1/', '^libs/calendar/', '^node_modules/temporal-polyfill/'] },
    },
    {
      name: 'claims-count-no-days',
      comment: 'Claims know what a deadline looks like, and no more: the context of a decision counts the days.',
      severity: 'error',
      from: { path: '^libs/claims/' },
      to: { path: '^libs/calendar/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-types-only',
      comment: 'What runs in a workflow is replayed; rules and activities give it types alone.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|libs|apps)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-no-io',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-sdk-only',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^node_modules/', pathNot: '^node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'apps-apart',
      comment: 'What two apps share is a library.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libraries-below-apps',
      severity: 'error',
      from: { path: '^(libs|activities|workflows)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'typeorm-in-its-place',
      comment: 'The event store, the command path and the read models talk to the database; composition roots hand them the connection.',
      severity: 'error',
      from: {
        path: '^(libs|apps|activities|workflows)/',
        pathNot: [
          '^libs/(event-store|inbox|programmes|read-models|reconciliation|directory|evidence|sample-data)/',
          '^activities/dependencies\\.ts$',
          // Injected by class, so the import is a value.
          '\\.(module|provider|command|service|reader)\\.ts$',
        ],
      },
      to: { path: '^node_modules/(typeorm|@nestjs/typeorm)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['@cpor/source', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
