package dev.assay.config;

/// Reads what bounds OpenAI's API: `api`.
final class ApiReader {

    private static final int LARGEST_FILE_MB = 100_000;
    private static final int LARGEST_STORE_MB = 100_000_000;
    private static final int MOST_LINES = 10_000_000;

    private ApiReader() {}

    static ApiConfig read(Section api) {
        ApiConfig defaults = ApiConfig.DEFAULT;
        ApiConfig config =
                new ApiConfig(
                        megabytes(api, "file_mb", LARGEST_FILE_MB, defaults.fileBytes()),
                        megabytes(api, "tenant_mb", LARGEST_STORE_MB, defaults.tenantBytes()),
                        megabytes(api, "total_mb", LARGEST_STORE_MB, defaults.totalBytes()),
                        api.integer("batch_lines", 1, MOST_LINES).orElse(defaults.batchLines()));
        api.refuseUnknownKeys();
        return config;
    }

    private static long megabytes(Section api, String key, int most, long otherwise) {
        return api.integer(key, 1, most).stream()
                .mapToLong(megabytes -> megabytes * ApiConfig.MEGABYTE)
                .findFirst()
                .orElse(otherwise);
    }
}
