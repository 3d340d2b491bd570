/** Waiting for a program that was started. */

/** Whether a sandbox answers at `address` within `patience` milliseconds. */
export async function sandboxUp(address: string, patience: number): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    try {
      return (await fetch(`${address}/charts/index.yaml`)).ok;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return false;
}
