/** Sorts before every id. */
export const firstId = '00000000-0000-0000-0000-000000000000';
