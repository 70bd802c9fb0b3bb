package dev.thrum.verify.bench.micro;

/// One thread, and nothing that could be two.
public class SerialForks extends Forks {

    @Override
    protected long fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
    }

    @Override
    protected long queens(int n) {
        return queens((1 << n) - 1, 0, 0, 0);
    }

    private static long queens(int all, int columns, int left, int right) {
        if (columns == all) {
            return 1;
        }
        long count = 0;
        for (int free = all & ~(columns | left | right); free != 0; free &= free - 1) {
            int place = free & -free;
            count += queens(all, columns | place, (left | place) << 1, (right | place) >> 1);
        }
        return count;
    }

    @Override
    protected void sort(double[] array) {
        sort(array, 0, array.length - 1);
    }

    private static void sort(double[] a, int low, int high) {
        if (high - low < Quicksort.SHORTEST) {
            Quicksort.insert(a, low, high);
            return;
        }
        int middle = Quicksort.partition(a, low, high);
        sort(a, low, middle);
        sort(a, middle + 1, high);
    }

    @Override
    protected long walk(Tree tree) {
        long sum = tree.work();
        for (Tree each : tree.children()) {
            sum += walk(each);
        }
        return sum;
    }
}
