/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or need a third for what they share.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', comment: 'The import leads nowhere: mend the path, or add the package to package.json.', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'pure-libraries',
      comment: 'libs/claims and libs/calendar are pure: no I/O, no framework, nothing else of ours. Load what a rule needs in libs/inbox and pass it in.',
      severity: 'error',
      from: { path: '^libs/(claims|calendar)/' },
      to: { pathNot: ['^libs/$1/', '^node_modules/temporal-polyfill/'] },
    },
    {
      name: 'workflows-types-only',
      comment: 'Workflow code is replayed, so it decides nothing itself. Import types only, and call an activity for the rest.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|libs|apps)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-no-io',
      comment: 'Workflow code is replayed: no Node modules. Do I/O in an activity.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-sdk-only',
      comment: 'Workflow code may import @temporalio/workflow and @temporalio/common only. Use other packages in an activity.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^node_modules/', pathNot: '^node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'apps-apart',
      comment: 'What two apps share belongs in libs/.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libraries-below-apps',
      comment: 'Apps import libraries, never the other way round. Move what the library needs into libs/.',
      severity: 'error',
      from: { path: '^(libs|activities|workflows)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'typeorm-in-its-place',
      comment: 'Only these libraries talk to the database. Put the query there, and let the composition root pass the connection in.',
      severity: 'error',
      from: {
        path: '^(libs|apps|activities|workflows)/',
        pathNot: [
          '^libs/(event-store|inbox|programmes|read-models|reconciliation|directory|evidence|sample-data)/',
          '^activities/dependencies\\.ts$',
          // Nest injects by class, so the import is a value.
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
