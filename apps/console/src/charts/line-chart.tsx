import { scaleLinear, scalePoint } from 'd3-scale';
import { line } from 'd3-shape';
import './chart.css';

export interface Series {
  name: string;
  /** One value per position of the x axis; null where there is none, which leaves a gap in the line. */
  values: (number | null)[];
}

interface Props {
  /** What the chart shows, for those who cannot see it. The same numbers stand in a table beside it. */
  title: string;
  labels: string[];
  series: Series[];
  formatValue(value: number): string;
}

const width = 720;
const height = 240;
const margin = { top: 12, right: 16, bottom: 28, left: 56 };
const wantedTicks = 4;
const maximumLabels = 13;

/** Lines over months. Each differs by colour and by dashes. */
export function LineChart({ title, labels, series, formatValue }: Props) {
  const x = scalePoint<number>()
    .domain(labels.keys())
    .range([margin.left, width - margin.right])
    .padding(0.3);
  const highest = Math.max(1, ...series.flatMap(({ values }) => values.filter((value) => value !== null)));
  const y = scaleLinear()
    .domain([0, highest])
    .nice(wantedTicks)
    .range([height - margin.bottom, margin.top]);
  const place = (index: number) => x(index) ?? 0;
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => place(index))
    .y((value) => y(value ?? 0));
  const step = Math.ceil(labels.length / maximumLabels);
  return (
    <figure className="stack-tight">
      <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {y.ticks(wantedTicks).map((tick) => (
          <g key={tick} transform={`translate(0 ${y(tick)})`}>
            <line className="grid" x1={margin.left} x2={width - margin.right} />
            <text x={margin.left - 8} dy="0.32em" textAnchor="end">
              {formatValue(tick)}
            </text>
          </g>
        ))}
        {labels.map(
          (label, index) =>
            index % step === 0 && (
              <text key={label} x={place(index)} y={height - 8} textAnchor="middle">
                {label}
              </text>
            ),
        )}
        {series.map(({ name, values }, order) => (
          <g key={name}>
            <path className={`series series-${order + 1}`} d={path(values) ?? ''} />
            {values.map(
              (value, index) =>
                value !== null && <circle key={index} className={`series series-${order + 1}`} cx={place(index)} cy={y(value)} r={3} />,
            )}
          </g>
        ))}
      </svg>
      <figcaption>
        <ul className="legend">
          {series.map(({ name }, order) => (
            <li key={name}>
              <svg className="chart" width="28" height="8" style={{ width: 28, display: 'inline' }} aria-hidden="true">
                <line className={`series series-${order + 1}`} x1="0" x2="28" y1="4" y2="4" />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
