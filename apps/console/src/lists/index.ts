export { SortHeader } from './sort-header.js';
export { type Filters, useFilters } from './use-filters.js';
export { usePages } from './use-pages.js';
