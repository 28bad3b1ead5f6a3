import time, cProfile, pstats
def test_big(sky):
    n=10000
    t=time.time()
    for a in range(0,n,1000):
        r=sky.user.post("/api/photometry", sky.points(mjd=[59000.0+k+a for k in range(1000)], filter=["ztfg","ztfr"]*(1000//2), flux=[100.0+(k%777) if k%3 else None for k in range(1000)], fluxerr=5.0))
        print(r.status, time.time()-t); assert r.status==200
    pr=cProfile.Profile(); pr.enable()
    t=time.time(); d=sky.user.get(f"{sky.source}/photometry"); print(d.status, len(d.body), time.time()-t)
    pr.disable(); pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
