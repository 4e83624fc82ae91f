/* Charts: ECharts is fetched when the first chart comes into sight; the option stands in the page
   as JSON. Redrawn after htmx swaps, resized with the page, drawn with patterns on paper. */
(() => {
  "use strict";
  let library = null;
  const drawn = new Set();

  const load = () => {
    library ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = document.body.dataset.chartScript;
      script.onload = () => resolve(window.echarts);
      script.onerror = reject;
      document.head.append(script);
    });
    return library;
  };

  const base = () => {
    const style = getComputedStyle(document.body);
    const size = parseFloat(style.fontSize) - 1;
    return { fontFamily: style.fontFamily, fontSize: size, color: "#1b2432" };
  };

  const draw = async (canvas) => {
    if (canvas.dataset.drawn) return;
    canvas.dataset.drawn = "1";
    const source = document.getElementById(canvas.dataset.chart);
    try {
      const echarts = await load();
      const chart = echarts.init(canvas, null, { devicePixelRatio: Math.max(2, devicePixelRatio) });
      const option = JSON.parse(source.textContent);
      if (option.mapData) {
        option.series[0].map = canvas.dataset.chart;
        echarts.registerMap(canvas.dataset.chart, option.mapData);
        delete option.mapData;
        chart.on("click", (event) => event.data?.url && location.assign(event.data.url));
      }
      chart.setOption({ animation: false, textStyle: base(), aria: { enabled: true }, ...option });
      drawn.add(chart);
      new ResizeObserver(() => chart.isDisposed() || chart.resize()).observe(canvas);
    } catch {
      canvas.textContent = "图没有画成，请看下方数据表。";
      canvas.closest(".chart").querySelector(".chart-table")?.setAttribute("open", "");
    }
  };

  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        seen.unobserve(entry.target);
        draw(entry.target);
      }
    },
    { rootMargin: "200px" },
  );
  const find = (scope) => {
    for (const canvas of scope.querySelectorAll?.("[data-chart]") ?? []) seen.observe(canvas);
  };
  const tidy = () => {
    for (const chart of drawn) {
      if (chart.isDisposed() || !chart.getDom().isConnected) {
        chart.isDisposed() || chart.dispose();
        drawn.delete(chart);
      }
    }
  };

  document.addEventListener("DOMContentLoaded", () => find(document));
  document.addEventListener("htmx:load", (event) => {
    tidy();
    find(event.detail.elt);
  });

  const pattern = (show) => {
    tidy();
    for (const chart of drawn) {
      chart.setOption({ aria: { enabled: true, decal: { show } } });
      chart.resize();
    }
  };
  addEventListener("beforeprint", () => pattern(true));
  addEventListener("afterprint", () => pattern(false));
})();
