import { Channels } from "./Channels.tsx";
import { DeadLetters } from "./DeadLetters.tsx";

/** The company's accounts, and what came from them and could not be read. */
export function ChannelsPage() {
  return (
    <>
      <Channels />
      <DeadLetters />
    </>
  );
}
