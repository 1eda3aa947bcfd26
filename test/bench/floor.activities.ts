export const floorActivities = {
  async step(): Promise<void> {},
  async notify(): Promise<void> {},
};
export type FloorActivities = typeof floorActivities;
