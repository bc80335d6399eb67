package dev.assay.topology;

import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

import java.util.Map;

/// Bounds the memory of all stores of an instance together; by default each store would take its
/// own.
///
/// Source: Kafka Streams Developer Guide, "Memory Management", RocksDB.
public final class RocksMemory implements RocksDBConfigSetter {

    /// The key under which the settings carry the shared memory.
    static final String SHARED = "assay.rocksdb.shared";

    private static final long MIB = 1024L * 1024;
    private static final long CACHE_MIB = 256;
    private static final long BUFFERS_MIB = 128;
    private static final int MEMTABLES = 2;

    /// What all stores share; closed when the instance closes.
    static final class Shared implements AutoCloseable {
        private final Cache cache;
        private final WriteBufferManager buffers;

        /// @throws PipelineException if RocksDB cannot be loaded here
        Shared() {
            try {
                RocksDB.loadLibrary();
            } catch (UnsatisfiedLinkError e) {
                throw new PipelineException(
                        "RocksDB's native library cannot be loaded: %s; it needs libgcc, libstdc++ and a temporary folder from which code may run (-Djava.io.tmpdir)"
                                .formatted(e.getMessage()),
                        e);
            }
            cache = new LRUCache(CACHE_MIB * MIB);
            buffers = new WriteBufferManager(BUFFERS_MIB * MIB, cache);
        }

        @Override
        public void close() {
            buffers.close();
            cache.close();
        }
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        if (configs.get(SHARED) instanceof Shared shared) {
            BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
            table.setBlockCache(shared.cache);
            table.setCacheIndexAndFilterBlocks(true);
            options.setWriteBufferManager(shared.buffers);
            options.setMaxWriteBufferNumber(MEMTABLES);
            options.setTableFormatConfig(table);
        }
    }

    @Override
    public void close(String storeName, Options options) {
        // What is shared outlives each store.
    }
}
