// A transform that does nothing: what frames cost in a worker without this package.
onrtctransform = async ({ transformer: { readable, writable } }) => {
  const reader = readable.getReader(), writer = writable.getWriter();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    next.value.data = next.value.data;
    writer.write(next.value).catch(() => {});
  }
};
