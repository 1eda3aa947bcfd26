/** Before every id that there is. */
export const firstId = '00000000-0000-0000-0000-000000000000';
