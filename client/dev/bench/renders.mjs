/**
 * How many lines of the list React renders, in the product's own build: put into the page before its scripts. React
 * tells its developer tools of each commit; fibers that were rendered in it carry the flag `PerformedWork`.
 */
export function watchRenders() {
  /* oxlint-disable no-underscore-dangle, unicorn/consistent-function-scoping -- React's name; the page gets this one function */
  const PERFORMED_WORK = 1;
  globalThis.linesRendered = [];
  const isLine = (fiber) => typeof fiber.type !== "string" && fiber.memoizedProps?.place && fiber.memoizedProps?.of;
  const visit = (fiber, found) => {
    for (let child = fiber.child; child; child = child.sibling) {
      if (isLine(child) && child.flags & PERFORMED_WORK) found.push(child.memoizedProps.id);
      // a subtree that is the same object as before was passed over
      if (child.child !== child.alternate?.child) visit(child, found);
    }
  };
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    renderers: new Map(),
    inject: () => 1,
    onCommitFiberUnmount: () => undefined,
    onPostCommitFiberRoot: () => undefined,
    onCommitFiberRoot: (_, root) => {
      const found = [];
      visit(root.current, found);
      if (found.length > 0) globalThis.linesRendered.push(new Set(found).size);
    },
  };
}
