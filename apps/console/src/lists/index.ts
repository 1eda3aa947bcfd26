export { BackLink } from './back-link.js';
export { SortHeader } from './sort-header.js';
export { useColumns } from './use-columns.js';
export { useFilled } from './use-filled.js';
export { type FilterChanges, type Filters, useFilters } from './use-filters.js';
export { usePages } from './use-pages.js';
export { useTypedFilter } from './use-typed-filter.js';
