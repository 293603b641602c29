/* The C interface of Tracy's client, as far as tracyframe uses it: it writes down
   each call, a line each, with all arguments. OLD is the form of before 0.14. */
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[1 << 22];
static size_t used;
static int on = 1;
static uint32_t zones;

static void record(const char *format, ...)
{
	va_list args;
	pthread_mutex_lock(&mutex);
	va_start(args, format);
	used += vsnprintf(text + used, sizeof text - used, format, args);
	va_end(args);
	if (used > sizeof text - 4096)
		used = 0;
	pthread_mutex_unlock(&mutex);
}

/* For the test. */
EXPORT size_t recorded(char *to, size_t size)
{
	size_t n;
	pthread_mutex_lock(&mutex);
	n = used < size ? used : size;
	memcpy(to, text, n);
	used = 0;
	pthread_mutex_unlock(&mutex);
	return n;
}
EXPORT void connect_to(int connected) { on = connected; }
static unsigned long self(void) { return (unsigned long)pthread_self(); }

/* Tracy's. */
struct place { const char *name, *function, *file; uint32_t line, color; };
struct context { uint32_t id; int32_t active; uint64_t connection; };

EXPORT int32_t ___tracy_connected(void) { return on; }
EXPORT void ___tracy_set_thread_name(const char *name) { record("thread %s @%lx\n", name, self()); }
EXPORT void ___tracy_emit_frame_mark(const char *name) { record("frame %s\n", name ? name : "-"); }
EXPORT struct context ___tracy_emit_zone_begin(const struct place *p, int32_t active)
{
	struct context c;
	pthread_mutex_lock(&mutex);
	c.id = ++zones;
	pthread_mutex_unlock(&mutex);
	c.active = active;
	c.connection = 0x123456789abcdefull + c.id;
	record("begin %s %s %s %u %06x %d @%lx\n", p->name, p->function, p->file, p->line, p->color, active, self());
	return c;
}
EXPORT void ___tracy_emit_zone_end(struct context c)
{
	record("end %s @%lx\n", c.active == 1 && c.connection == 0x123456789abcdefull + c.id ? "ok" : "broken", self());
}
#ifdef OLD
EXPORT void ___tracy_emit_memory_alloc_named(const void *p, size_t size, int32_t secure, const char *name) { record("alloc %s %p %zu %d\n", name, p, size, secure); }
EXPORT void ___tracy_emit_memory_free_named(const void *p, int32_t secure, const char *name) { record("free %s %p %d\n", name, p, secure); }
EXPORT void ___tracy_emit_message(const char *txt, size_t size, int32_t depth) { record("message %.*s %d\n", (int)size, txt, depth); }
#else
EXPORT void ___tracy_emit_memory_alloc_named(const void *p, size_t size, const char *name) { record("alloc %s %p %zu\n", name, p, size); }
EXPORT void ___tracy_emit_memory_free_named(const void *p, const char *name) { record("free %s %p\n", name, p); }
EXPORT void ___tracy_emit_memory_discard(const char *name) { record("discard %s\n", name); }
EXPORT void ___tracy_emit_logString(int8_t severity, int32_t color, int32_t depth, size_t size, const char *txt) { record("message %.*s %d %06x %d\n", (int)size, txt, severity, color, depth); }
#endif
EXPORT void ___tracy_emit_plot_int(const char *name, int64_t value) { record("plot %s %lld\n", name, (long long)value); }
EXPORT void ___tracy_emit_plot_config(const char *name, int32_t format, int32_t step, int32_t fill, uint32_t color) { record("config %s %d %d %d %06x\n", name, format, step, fill, color); }
