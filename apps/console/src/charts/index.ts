export { download, toCsv } from './csv.js';
export { LineChart, type Series } from './line-chart.js';
