/** The workloads of the targets, each at the connections that its target names: what `--quick` runs, and what two builds are compared by. */
export const QUICK: ReadonlyMap<string, number> = new Map([
  ['PUT 4 KiB', 16],
  ['GET 4 KiB', 16],
  ['GET 1 MiB', 16],
  ['GET 64 MiB', 1],
  ['PUT 64 MiB', 1],
  ['signed HEAD of a missing key', 16],
  ['list 1000, flat', 1],
  ['list 1000, by delimiter', 1],
  ['CreateBucketAccessKey + DeleteBucketAccessKey', 64],
])
