import { useCallback, useState } from 'react';

/** The lines so far, and what adds one, with the time. */
export function useLog(): [string[], (line: string) => void] {
  const [lines, setLines] = useState<string[]>([]);
  const log = useCallback((line: string) => {
    setLines((before) => [...before, `${new Date().toTimeString().slice(0, 8)} ${line}`]);
  }, []);
  return [lines, log];
}
