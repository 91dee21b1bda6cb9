/** Who reads what is said in a lane. */
export const READER = { public: "public", direct: "private", note: "note" } as const;
