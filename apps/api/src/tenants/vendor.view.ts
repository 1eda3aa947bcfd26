import { z } from 'zod';

export const Vendor = z
  .object({ name: z.string(), contactEmail: z.string().describe('Where the customer can ask.') })
  .meta({ id: 'Vendor', description: 'Who runs the programme.' });
